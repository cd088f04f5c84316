public import Imaging

/// One picture with its labels on the way through the training pipeline.
public struct TrainingSample: Sendable {
  public var image: Image
  /// In pixels of `image`.
  public var instances: [Instance]
  /// Index of the (first) image in its data set.
  public var index: Int

  public init(image: Image, instances: [Instance], index: Int) {
    self.image = image
    self.instances = instances
    self.index = index
  }

  /// The picture fitted into a square of `side` pixels: scaled as a whole, the rest padded in grey.
  ///
  /// A picture that already is that square stays untouched.
  public func letterboxed(to side: Int) -> TrainingSample {
    let square = ImageSize(side: side)
    if image.size == square { return self }
    let letterbox = Letterbox.prediction(source: image.size, network: square)
    return TrainingSample(
      image: letterbox.apply(to: image), instances: instances.map { $0.mapped(by: letterbox) }, index: index)
  }
}
