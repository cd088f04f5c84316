internal import Foundation
internal import Imaging
public import PoseCore
public import Tensor

/// Adds noise to every byte, as a sensor does in the dark: independent, near enough normal.
///
/// Source: Buslaev et al., Albumentations, arXiv:1809.06839 (`GaussNoise`). A normal number is the sum of eight random
/// bytes, brought to unit variance: right to the fourth moment within 4 %, and never beyond 4.9 standard deviations.
public struct Noise: ChanceAugmentation {
  public var probability: Double
  /// The standard deviation is drawn from 0 to this, in bytes.
  public var deviation: Double

  public init(probability: Double = 0.1, deviation: Double = 20) {
    self.probability = probability
    self.deviation = deviation
  }

  public func changed(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    let drawn = context.random.uniform(0, deviation)
    return Noise.apply(to: sample, deviation: drawn, &context.random)
  }

  /// - Parameter deviation: standard deviation in bytes.
  public static func apply(
    to sample: TrainingSample, deviation: Double, _ random: inout RandomStream
  ) -> TrainingSample {
    // Variance of a sum of eight uniform bytes.
    let scale = Float(deviation / (8 * (65536 - 1) / 12.0).squareRoot())
    var sample = sample
    sample.image.pixels.withUnsafeMutableBufferPointer { pixels in
      for index in pixels.indices {
        var bits = random.next()
        // Adds neighbouring bytes, then the sums.
        bits = (bits & 0x00FF_00FF_00FF_00FF) + (bits >> 8 & 0x00FF_00FF_00FF_00FF)
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
        let value = (Float(pixels[index]) + scale * (Float(sum) - 1020)).rounded()
        pixels[index] = UInt8(min(max(value, 0), 255))
      }
    }
    return sample
  }
}

extension Noise {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "noise", summary: "Adds normal noise.", reference: "Buslaev et al., Albumentations, arXiv:1809.06839",
    parameters: [
      .probability(0.1),
      .init("std", .float(0...128), default: 20.0, help: "largest standard deviation, in steps of 255"),
    ]
  ) { arguments, _ in
    Noise(probability: try arguments.double("p"), deviation: try arguments.double("std"))
  }
}
