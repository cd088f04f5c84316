internal import PoseCore

extension AugmentationContext {
  /// Another picture that went through the same steps as this one, of the network's size.
  mutating func processedPartner() throws -> TrainingSample {
    let index = drawPartner()
    return try loadProcessed(index, &random).letterboxed(to: imageSize)
  }
}
