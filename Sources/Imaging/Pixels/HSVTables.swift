internal import Foundation
internal import Kernels

/// A change of hue, saturation and value, as one table of 256 bytes for each.
///
/// Hue is in half degrees (0…179), saturation and value in 0…255.
public struct HSVTables: Sendable, Equatable {
  /// Hue, saturation, value: 3 × 256.
  public let elements: [UInt8]

  /// - Parameters:
  ///   - hue: turn, 1 being half the circle.
  ///   - saturation: relative change; 0 changes nothing, -1 gives grey.
  ///   - value: relative change; -1 gives black.
  public init(hue: Double, saturation: Double, value: Double) {
    precondition(
      hue.isFinite && saturation.isFinite && value.isFinite, "HSVTables: gains are no finite numbers")
    func turned(_ x: Int) -> UInt8 {
      let angle = (Double(x) + hue * 180).truncatingRemainder(dividingBy: 180)
      // A negative rest too small to matter would give 180.
      let positive = angle < 0 ? angle + 180 : angle
      return UInt8(positive) % 180
    }
    func scaled(_ x: Int, by gain: Double) -> UInt8 { UInt8(min(max(Double(x) * (1 + gain), 0), 255)) }
    elements =
      (0..<256).map(turned) + (0..<256).map { scaled($0, by: saturation) }
      + (0..<256).map { scaled($0, by: value) }
  }
}

extension Image {
  /// Every pixel sent through HSV and the tables.
  public func mapped(by tables: HSVTables) -> Image {
    Image(width: width, height: height) { output in
      pl_rgb_map_hsv(pixels, output.baseAddress, width * height, tables.elements)
    }
  }

  /// Converts interleaved RGB bytes to HSV: hue in half degrees, 0…179.
  public static func hsv(fromRGB rgb: [UInt8]) -> [UInt8] {
    var hsv = rgb
    hsv.withUnsafeMutableBufferPointer { pl_rgb_to_hsv($0.baseAddress, $0.baseAddress, $0.count / 3) }
    return hsv
  }

  /// Converts interleaved HSV bytes to RGB.
  public static func rgb(fromHSV hsv: [UInt8]) -> [UInt8] {
    var rgb = hsv
    rgb.withUnsafeMutableBufferPointer { pl_hsv_to_rgb($0.baseAddress, $0.baseAddress, $0.count / 3) }
    return rgb
  }
}
