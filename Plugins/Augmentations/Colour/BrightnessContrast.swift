internal import Imaging
public import PoseCore
internal import Tensor

/// Changes brightness and contrast of the whole picture at random: byte × contrast + 255 × brightness.
///
/// Source: Buslaev et al., Albumentations, arXiv:1809.06839 (`RandomBrightnessContrast`, brightness by the maximum).
public struct BrightnessContrast: ChanceAugmentation {
  public var probability: Double
  /// Largest change of the brightness either way, as a share of white.
  public var brightness: Double
  /// Contrast is drawn from 1 - `contrast` to 1 + `contrast`.
  public var contrast: Double

  public init(probability: Double = 0.5, brightness: Double = 0.2, contrast: Double = 0.2) {
    self.probability = probability
    self.brightness = brightness
    self.contrast = contrast
  }

  public func changed(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    let factor = 1 + contrast * (2 * context.random.uniform() - 1)
    let shift = brightness * (2 * context.random.uniform() - 1)
    return BrightnessContrast.apply(to: sample, contrast: factor, brightness: shift)
  }

  /// - Parameters:
  ///   - contrast: factor, at least 0.
  ///   - brightness: added, 1 being white.
  public static func apply(
    to sample: TrainingSample, contrast: Double, brightness: Double
  ) -> TrainingSample {
    let table = (0..<256).map { byte in
      let value = (Double(byte) * contrast + 255 * brightness).rounded(.toNearestOrEven)
      return UInt8(min(max(value, 0), 255))
    }
    var sample = sample
    sample.image.mapBytes(table)
    return sample
  }
}

extension Image {
  /// Sends every byte through a table of 256.
  mutating func mapBytes(_ table: [UInt8]) {
    precondition(table.count == 256, "Image.mapBytes: \(table.count) entries")
    pixels.withUnsafeMutableBufferPointer { pixels in
      for index in pixels.indices { pixels[index] = table[Int(pixels[index])] }
    }
  }
}

extension BrightnessContrast {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "brightness_contrast", summary: "Changes brightness and contrast.",
    reference: "Buslaev et al., Albumentations, arXiv:1809.06839",
    parameters: [
      .probability(0.5),
      .init(
        "brightness", .float(0...1), default: 0.2, help: "largest change either way, as a share of white"),
      .init("contrast", .float(0...1), default: 0.2, help: "contrast is drawn from 1 - this to 1 + this"),
    ]
  ) { arguments, _ in
    BrightnessContrast(
      probability: try arguments.double("p"), brightness: try arguments.double("brightness"),
      contrast: try arguments.double("contrast"))
  }
}
