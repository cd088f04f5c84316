public import PoseCore
internal import Tensor

/// Blends the picture with another one that went through the same steps; the objects of both stay, with full
/// weight.
///
/// Source: Zhang et al., mixup, arXiv:1710.09412; the ratio comes from Beta(32, 32), as in YOLOX.
public struct Mixup: ChanceAugmentation {
  public var probability: Double

  public init(probability: Double = 0.1) { self.probability = probability }

  public var joinsImages: Bool { true }

  public func changed(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    let partner = try context.processedPartner()
    let ratio = context.random.beta(32, 32)
    return Mixup.apply(to: sample.letterboxed(to: context.imageSize), partner, ratio: ratio)
  }

  /// - Parameters:
  ///   - second: of the first one's size.
  ///   - ratio: weight of the first picture, 0…1.
  public static func apply(
    to first: TrainingSample, _ second: TrainingSample, ratio: Double
  ) -> TrainingSample {
    TrainingSample(
      image: first.image.blended(with: second.image, ratio: ratio),
      instances: first.instances + second.instances, index: first.index)
  }
}

extension Mixup {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "mixup", summary: "Blends the picture with another one; the objects of both stay.",
    reference: "Zhang et al., mixup, arXiv:1710.09412", parameters: [.probability(0.1)]
  ) { arguments, _ in
    Mixup(probability: try arguments.double("p"))
  }
}
