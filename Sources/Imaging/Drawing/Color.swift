/// A colour with opacity: red, green, blue and alpha in 0…1, not premultiplied.
public struct Color: Sendable, Hashable {
  public var red: Double
  public var green: Double
  public var blue: Double
  public var alpha: Double

  public init(red: Double, green: Double, blue: Double, alpha: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// An opaque colour written as `0xRRGGBB`.
  public init(hex: UInt32) {
    self.init(
      red: Double(hex >> 16 & 255) / 255, green: Double(hex >> 8 & 255) / 255, blue: Double(hex & 255) / 255)
  }

  public static let black = Color(hex: 0x000000)
  public static let white = Color(hex: 0xFFFFFF)
  /// The grey of letterbox borders.
  public static let border = Color(hex: 0x727272)

  /// The same colour, `factor` times as opaque.
  public func faded(_ factor: Double) -> Color {
    Color(red: red, green: green, blue: blue, alpha: alpha * min(1, max(0, factor)))
  }

  /// The mixture with another colour: 0 gives this one, 1 the other.
  public func mixed(with other: Color, _ share: Double) -> Color {
    let keep = 1 - share
    return Color(
      red: red * keep + other.red * share, green: green * keep + other.green * share,
      blue: blue * keep + other.blue * share, alpha: alpha * keep + other.alpha * share)
  }

  /// Black or white, whichever reads better on this colour.
  public var readable: Color {
    0.299 * red + 0.587 * green + 0.114 * blue > 0.55 ? .black : .white
  }
}
