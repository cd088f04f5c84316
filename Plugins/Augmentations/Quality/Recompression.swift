internal import Imaging
public import PoseCore
internal import Tensor

/// Encodes the picture as JPEG at a random low quality and decodes it again: blocks and ringing come in.
///
/// Source: Hendrycks and Dietterich, Benchmarking Neural Network Robustness, arXiv:1903.12261 (JPEG corruption).
public struct Recompression: ChanceAugmentation {
  public var probability: Double
  /// Qualities to draw from, each as likely: 1…100.
  public var quality: ClosedRange<Int>

  public init(probability: Double = 0.1, quality: ClosedRange<Int> = 30...90) {
    self.probability = probability
    self.quality = quality
  }

  public func changed(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    try Recompression.apply(
      to: sample, quality: quality.lowerBound + context.random.integer(below: quality.count))
  }

  public static func apply(to sample: TrainingSample, quality: Int) throws -> TrainingSample {
    var sample = sample
    sample.image = try Image(decoding: try sample.image.jpeg(quality: quality))
    return sample
  }
}

extension Recompression {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "jpeg", summary: "Encodes as JPEG of low quality and decodes again.",
    reference: "Hendrycks and Dietterich, arXiv:1903.12261",
    parameters: [
      .probability(0.1),
      .init(
        "quality", .intList(count: 2...2, each: 1...100), default: [30, 90],
        help: "lowest and highest quality"),
    ]
  ) { arguments, _ in
    let quality = try arguments.intList("quality")
    if quality[0] > quality[1] {
      throw arguments.error(
        "'quality' must be [lowest, highest], but the first number is the larger", at: "quality")
    }
    return Recompression(probability: try arguments.double("p"), quality: quality[0]...quality[1])
  }
}
