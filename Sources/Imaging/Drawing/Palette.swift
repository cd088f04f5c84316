/// The colours of classes, limbs and curves, by index; an index past the end starts again.
public struct Palette: Sendable, Hashable {
  public var colors: [Color]

  /// - Precondition: at least one colour.
  public init(_ colors: [Color]) {
    precondition(!colors.isEmpty, "Palette: no colours")
    self.colors = colors
  }

  public subscript(index: Int) -> Color {
    let remainder = index % colors.count
    return colors[remainder < 0 ? remainder + colors.count : remainder]
  }

  /// Distinct hues for classes and for the curves of a plot; readable on white and over pictures.
  public static let categories = Palette(
    [
      0x2F6FDE, 0xE4572E, 0x17A673, 0xA64AC9, 0xF2A20C, 0x0FA3B1, 0xD81159, 0x6B8E23, 0x8D5A3A, 0x5B5F97,
      0xFF7F9F, 0x3D405B,
    ].map { Color(hex: $0) })

  /// Limbs of the left side: cool hues.
  public static let left = Palette([0x00C2FF, 0x3D8BFF, 0x00E0C6, 0x6A6CFF, 0x00D977].map { Color(hex: $0) })

  /// Limbs of the right side: warm hues.
  public static let right = Palette(
    [0xFF8A00, 0xFF4D4D, 0xFFB300, 0xFF3D9A, 0xE8590C].map { Color(hex: $0) })

  /// Limbs that belong to neither side.
  public static let middle = Palette([0xFFE94A, 0xC8F04B, 0xFFF3B0, 0xE0D0FF].map { Color(hex: $0) })
}
