/// Something that can be drawn into a rectangle of a `Figure`.
public protocol PlotPanel: Sendable {
  /// Draws the whole panel, titles and axes included, inside the rectangle.
  func draw(on canvas: Canvas, in area: Canvas.Rectangle)
}

/// Sizes and colours shared by all panels, in units of the page.
enum PlotStyle {
  static let titleSize = 13.0
  static let textSize = 11.0
  static let tickSize = 10.0
  static let ink = Color(hex: 0x222222)
  static let axis = Color(hex: 0x8A8A8A)
  static let grid = Color(hex: 0xE6E6E6)
  static let faint = Color(hex: 0x777777)

  /// Cuts a text short with an ellipsis until it fits.
  static func fitted(_ text: String, width: Double, size: Double, on canvas: Canvas) -> String {
    guard canvas.textSize(text, size: size).width > width else { return text }
    var kept = Array(text.prefix(200))
    while kept.count > 1 {
      kept.removeLast()
      let candidate = String(kept) + "..."
      if canvas.textSize(candidate, size: size).width <= width { return candidate }
    }
    return "..."
  }

  static func drawTitle(_ title: String, on canvas: Canvas, in area: Canvas.Rectangle) {
    canvas.text(
      fitted(title, width: area.width - 12, size: titleSize * 1.08, on: canvas),
      at: Canvas.Point(area.center.x, area.y + 5), size: titleSize, color: ink, bold: true,
      horizontal: .center)
  }
}
