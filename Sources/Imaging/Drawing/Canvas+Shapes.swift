internal import CCairo

extension Canvas {
  /// Draws a straight line.
  public func line(from start: Point, to end: Point, color: Color, width: Double, dash: [Double] = []) {
    polyline([start, end], color: color, width: width, dash: dash)
  }

  /// Draws a line through points; a point that is not finite leaves a gap.
  public func polyline(
    _ points: [Point], color: Color, width: Double, dash: [Double] = [], closed: Bool = false
  ) {
    trace(points)
    if closed { cairo_close_path(context) }
    stroke(color, width: width, dash: dash)
  }

  /// Fills the inside of a line through points.
  public func polygon(_ points: [Point], fill: Color) {
    trace(points.filter(\.isDrawable))
    cairo_close_path(context)
    setSource(fill)
    cairo_fill(context)
  }

  /// Draws a circle: filled, outlined, or both.
  public func circle(
    center: Point, radius: Double, fill: Color? = nil, stroke outline: Color? = nil, lineWidth: Double = 1
  ) {
    guard center.isDrawable, radius > 0, radius < Canvas.limit else { return }
    cairo_new_path(context)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
    paint(fill: fill, outline: outline, lineWidth: lineWidth)
  }

  /// Draws a rectangle: filled, outlined, or both; the outline is centred on the edges.
  public func rectangle(
    _ area: Rectangle, fill: Color? = nil, stroke outline: Color? = nil, lineWidth: Double = 1
  ) {
    guard area.isDrawable else { return }
    cairo_new_path(context)
    cairo_rectangle(context, area.x, area.y, area.width, area.height)
    paint(fill: fill, outline: outline, lineWidth: lineWidth)
  }

  private func paint(fill: Color?, outline: Color?, lineWidth: Double) {
    if let fill {
      setSource(fill)
      if outline == nil { cairo_fill(context) } else { cairo_fill_preserve(context) }
    }
    if let outline { stroke(outline, width: lineWidth, dash: []) }
    cairo_new_path(context)
  }

  private func stroke(_ color: Color, width: Double, dash: [Double]) {
    setSource(color)
    cairo_set_line_width(context, width.isFinite ? max(0, width) : 1)
    let usable = dash.allSatisfy { $0.isFinite && $0 >= 0 } && dash.contains { $0 > 0 }
    cairo_set_dash(context, dash, usable ? Int32(dash.count) : 0, 0)
    cairo_stroke(context)
  }

  private func trace(_ points: [Point]) {
    cairo_new_path(context)
    var joined = false
    for point in points {
      guard point.isDrawable else {
        joined = false
        continue
      }
      if joined { cairo_line_to(context, point.x, point.y) } else { cairo_move_to(context, point.x, point.y) }
      joined = true
    }
  }
}
