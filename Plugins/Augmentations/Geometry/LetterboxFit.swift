internal import Imaging
public import PoseCore

/// Fits the picture into the network's square without cutting anything off; the rest is grey.
///
/// The pipeline ends in this step anyway where a picture has another size; listing it makes sense before steps that
/// need the final size.
public struct LetterboxFit: Augmentation {
  public init() {}

  public func callAsFunction(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    sample.letterboxed(to: context.imageSize)
  }
}

extension LetterboxFit {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "letterbox", summary: "Fits the picture into the network's square, padded in grey."
  ) { _, _ in LetterboxFit() }
}
