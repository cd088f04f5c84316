internal import Imaging
public import PoseCore
internal import Tensor

/// Shifts hue, saturation and brightness of the whole picture at random.
public struct HSVShift: Augmentation {
  /// Largest turn of the hue to either side, 1 being half the circle.
  public var hue: Double
  /// Largest relative change of the saturation.
  public var saturation: Double
  /// Largest relative change of the value.
  public var value: Double

  public init(hue: Double = 0.015, saturation: Double = 0.7, value: Double = 0.4) {
    self.hue = hue
    self.saturation = saturation
    self.value = value
  }

  public func callAsFunction(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    let gains = gains(&context.random)
    if hue == 0 && saturation == 0 && value == 0 { return sample }
    let tables = HSVTables(
      hue: gains[0] * hue, saturation: gains[1] * saturation, value: gains[2] * value)
    var sample = sample
    sample.image = sample.image.mapped(by: tables)
    return sample
  }

  /// Three numbers from -1 to 1: of hue, saturation and value.
  func gains(_ random: inout RandomStream) -> [Double] { (0..<3).map { _ in 2 * random.uniform() - 1 } }
}

extension HSVShift {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "hsv", summary: "Shifts hue, saturation and brightness.",
    parameters: [
      .init(
        "h", .float(0...1), default: 0.015, help: "largest turn of the hue, 1 = 180°", aliases: ["hsv_h"]),
      .init("s", .float(0...1), default: 0.7, help: "largest change of the saturation", aliases: ["hsv_s"]),
      .init("v", .float(0...1), default: 0.4, help: "largest change of the brightness", aliases: ["hsv_v"]),
    ]
  ) { arguments, _ in
    HSVShift(
      hue: try arguments.double("h"), saturation: try arguments.double("s"),
      value: try arguments.double("v"))
  }
}
