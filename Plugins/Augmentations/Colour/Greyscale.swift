public import PoseCore

/// Takes the colour away; the three channels become the luma.
///
/// Source: ITU-R BT.601-7, section 2.5.1: 0.299 red + 0.587 green + 0.114 blue, in 15-bit fixed point as OpenCV has it.
public struct Greyscale: ChanceAugmentation {
  public var probability: Double

  public init(probability: Double = 0.1) { self.probability = probability }

  public func changed(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample { Greyscale.apply(to: sample) }

  public static func apply(to sample: TrainingSample) -> TrainingSample {
    var sample = sample
    sample.image.pixels.withUnsafeMutableBufferPointer { pixels in
      for start in stride(from: 0, to: pixels.count, by: 3) {
        let sum = 9798 * Int(pixels[start]) + 19235 * Int(pixels[start + 1]) + 3735 * Int(pixels[start + 2])
        let grey = UInt8((sum + 16384) >> 15)
        pixels[start] = grey
        pixels[start + 1] = grey
        pixels[start + 2] = grey
      }
    }
    return sample
  }
}

extension Greyscale {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "grey", aliases: ["gray"], summary: "Takes the colour away.", reference: "ITU-R BT.601-7",
    parameters: [.probability(0.1)]
  ) { arguments, _ in
    Greyscale(probability: try arguments.double("p"))
  }
}
