public import PoseCore

/// Lets whole batches change their size from one to the next.
///
/// Samples are made at the network's size as always; the loader then brings a batch to the size that was drawn for
/// it. Where it stands in the list makes no difference.
///
/// Source: Redmon and Farhadi, YOLO9000, arXiv:1612.08242 (multi-scale training); sizes as the reference draws them.
public struct MultiScale: Augmentation {
  public let batchSides: BatchSides?

  /// - Parameters:
  ///   - range: sides from 1 - `range` to 1 + `range` times `imageSize`.
  ///   - multiple: sides are multiples of it.
  public init(range: Double, imageSize: Int, multiple: Int) {
    batchSides = range > 0 ? BatchSides(imageSize: imageSize, range: range, multiple: multiple) : nil
  }

  public func callAsFunction(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample { sample }
}

extension MultiScale {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "multi_scale", summary: "Changes the size of whole batches.",
    reference: "Redmon and Farhadi, YOLO9000, arXiv:1612.08242",
    parameters: [
      .init(
        "range", .float(0...0.95), default: 0.5,
        help: "sides are drawn from 1 - range to 1 + range times the network's size")
    ]
  ) { arguments, context in
    MultiScale(
      range: try arguments.double("range"), imageSize: context.imageSize, multiple: context.sizeMultiple)
  }
}
