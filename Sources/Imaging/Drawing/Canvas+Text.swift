internal import CCairo

extension Canvas {
  /// Which part of a text sits on the given point.
  public enum Anchor: Sendable {
    case leading, center, trailing
  }

  /// Draws one line of text.
  ///
  /// - Parameters:
  ///   - point: where the text's box is held, as `horizontal` and `vertical` say.
  ///   - size: the font size in units of the page.
  ///   - background: fills a box behind the text, `padding` wider on all sides.
  ///   - quarterTurn: turns the text a quarter turn anticlockwise about the point, to read upwards.
  public func text(
    _ text: String, at point: Point, size: Double, color: Color = .black, bold: Bool = false,
    horizontal: Anchor = .leading, vertical: Anchor = .leading, background: Color? = nil, padding: Double = 0,
    quarterTurn: Bool = false
  ) {
    guard point.isDrawable, size > 0, size < 10_000, !text.isEmpty else { return }
    let extent = textExtent(text, size: size, bold: bold)
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    if quarterTurn { cairo_rotate(context, -Double.pi / 2) }
    let left = Self.offset(horizontal, extent.width + 2 * padding)
    let top = Self.offset(vertical, extent.height + 2 * padding)
    if let background {
      rectangle(
        Rectangle(x: left, y: top, width: extent.width + 2 * padding, height: extent.height + 2 * padding),
        fill: background)
    }
    setFont(size: size, bold: bold)
    setSource(color)
    cairo_move_to(context, left + padding, top + padding + extent.ascent)
    cairo_show_text(context, text)
    cairo_new_path(context)
    cairo_restore(context)
  }

  /// The size of a text's box without padding: its advance, and the font's ascent plus descent.
  public func textSize(_ text: String, size: Double, bold: Bool = false) -> (width: Double, height: Double) {
    let extent = textExtent(text, size: size, bold: bold)
    return (extent.width, extent.height)
  }

  private func textExtent(
    _ text: String, size: Double, bold: Bool
  ) -> (width: Double, height: Double, ascent: Double) {
    setFont(size: size, bold: bold)
    var extents = cairo_text_extents_t()
    var font = cairo_font_extents_t()
    cairo_text_extents(context, text, &extents)
    cairo_font_extents(context, &font)
    return (max(extents.x_advance, extents.width), font.ascent + font.descent, font.ascent)
  }

  private func setFont(size: Double, bold: Bool) {
    cairo_select_font_face(
      context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
      bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, size)
  }

  /// Grey antialiasing without hinting, so that text looks the same whatever the desktop's settings.
  func selectFont() {
    let options = cairo_font_options_create()
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  private static func offset(_ anchor: Anchor, _ length: Double) -> Double {
    switch anchor {
    case .leading: 0
    case .center: -length / 2
    case .trailing: -length
    }
  }
}
