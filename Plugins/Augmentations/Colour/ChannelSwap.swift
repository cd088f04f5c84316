public import PoseCore

/// Exchanges red and blue, as if the picture had been read in the other order.
///
/// Source: the reference's `bgr`.
public struct ChannelSwap: ChanceAugmentation {
  public var probability: Double

  public init(probability: Double = 0.1) { self.probability = probability }

  public func changed(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample { ChannelSwap.apply(to: sample) }

  public static func apply(to sample: TrainingSample) -> TrainingSample {
    var sample = sample
    sample.image.pixels.withUnsafeMutableBufferPointer { pixels in
      for start in stride(from: 0, to: pixels.count, by: 3) { pixels.swapAt(start, start + 2) }
    }
    return sample
  }
}

extension ChannelSwap {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "bgr", summary: "Exchanges red and blue.", reference: "Ultralytics 8.4 (bgr)",
    parameters: [.probability(0.1)]
  ) { arguments, _ in
    ChannelSwap(probability: try arguments.double("p"))
  }
}
