/// Curves over two axes, with a legend placed where it hides least.
public struct LineChart: PlotPanel, Equatable {
  /// How a series is drawn.
  public enum Mark: Sendable, Hashable {
    case line(width: Double)
    case dashed(width: Double)
    case dots(radius: Double)
    /// A line with a dot at each point.
    case lineAndDots(width: Double)
  }

  /// A named row of points; those that are not finite leave gaps.
  public struct Series: Sendable, Equatable {
    /// Shown in the legend; empty keeps the series out of it.
    public var name: String
    public var points: [Canvas.Point]
    /// nil takes the next colour of the palette.
    public var color: Color?
    public var mark: Mark

    public init(_ name: String, _ points: [Canvas.Point], color: Color? = nil, mark: Mark = .line(width: 1.8))
    {
      self.name = name
      self.points = points
      self.color = color
      self.mark = mark
    }
  }

  public var title: String
  public var x: PlotAxis
  public var y: PlotAxis
  public var series: [Series]
  /// At most so many names are listed; the rest are counted.
  public var legendLimit: Int

  public init(title: String, x: PlotAxis, y: PlotAxis, series: [Series], legendLimit: Int = 12) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.legendLimit = legendLimit
  }

  public func draw(on canvas: Canvas, in area: Canvas.Rectangle) {
    let usable = series.flatMap(\.points).filter {
      AxisScale.isPlottable($0.x) && AxisScale.isPlottable($0.y)
    }
    let frame = AxisFrame(
      title: title, xAxis: x, yAxis: y, xValues: usable.map(\.x), yValues: usable.map(\.y), on: canvas,
      in: area)
    guard !usable.isEmpty else {
      canvas.text(
        "no data", at: frame.plot.center, size: PlotStyle.textSize, color: PlotStyle.faint,
        horizontal: .center,
        vertical: .center)
      return
    }
    canvas.clipped(to: frame.plot.inset(left: -3, top: -3, right: -3, bottom: -3)) {
      for (index, row) in series.enumerated() { draw(row, color(index), on: canvas, in: frame) }
    }
    drawLegend(on: canvas, in: frame, points: usable)
  }

  private func color(_ index: Int) -> Color { series[index].color ?? Palette.categories[index] }

  private func draw(_ row: Series, _ color: Color, on canvas: Canvas, in frame: AxisFrame) {
    let places = row.points.map { frame.place($0.x, $0.y) }
    switch row.mark {
    case .line(let width):
      canvas.polyline(places, color: color, width: width)
      drawLonely(places, color, radius: width, on: canvas)
    case .dashed(let width):
      canvas.polyline(places, color: color, width: width, dash: [4 * width, 3 * width])
      drawLonely(places, color, radius: width, on: canvas)
    case .dots(let radius):
      for place in places { canvas.circle(center: place, radius: radius, fill: color) }
    case .lineAndDots(let width):
      canvas.polyline(places, color: color, width: width)
      let radius = places.count > 60 ? width : 1.5 * width
      for place in places { canvas.circle(center: place, radius: radius, fill: color) }
    }
  }

  /// A point without neighbours makes no line; it still has to be seen.
  private func drawLonely(_ places: [Canvas.Point], _ color: Color, radius: Double, on canvas: Canvas) {
    for (index, place) in places.enumerated() where place.isDrawable {
      let before = index > 0 && places[index - 1].isDrawable
      let after = index + 1 < places.count && places[index + 1].isDrawable
      if !before && !after { canvas.circle(center: place, radius: 1.5 * radius, fill: color) }
    }
  }

  private func drawLegend(on canvas: Canvas, in frame: AxisFrame, points: [Canvas.Point]) {
    let named = series.indices.filter { !series[$0].name.isEmpty }
    guard !named.isEmpty else { return }
    let size = PlotStyle.tickSize
    var rows = named.prefix(max(1, legendLimit)).map { index in
      (
        text: PlotStyle.fitted(series[index].name, width: frame.plot.width * 0.6, size: size, on: canvas),
        color: Color?.some(color(index))
      )
    }
    if named.count > rows.count { rows.append(("and \(named.count - rows.count) more", nil)) }
    let rowHeight = size * 1.45
    let width = (rows.map { canvas.textSize($0.text, size: size).width }.max() ?? 0) + 36
    let height = Double(rows.count) * rowHeight + 6
    let places = points.map { frame.place($0.x, $0.y) }
    let candidates = [(1.0, 0.0), (1, 1), (0, 1), (0, 0), (1, 0.5), (0.5, 1), (0.5, 0)].map { across, down in
      Canvas.Rectangle(
        x: frame.plot.x + 6 + across * (frame.plot.width - width - 12),
        y: frame.plot.y + 6 + down * (frame.plot.height - height - 12), width: width, height: height)
    }
    let hidden = candidates.map { box in places.count { box.contains($0) } }
    guard let least = hidden.min(), let best = hidden.firstIndex(of: least) else { return }
    let box = candidates[best]
    canvas.rectangle(box, fill: Color.white.faded(0.85), stroke: PlotStyle.grid, lineWidth: 1)
    for (index, row) in rows.enumerated() {
      let y = box.y + 3 + (Double(index) + 0.5) * rowHeight
      if let color = row.color {
        canvas.line(
          from: Canvas.Point(box.x + 7, y), to: Canvas.Point(box.x + 23, y), color: color, width: 2.4)
      }
      canvas.text(
        row.text, at: Canvas.Point(box.x + 29, y), size: size, color: PlotStyle.ink, vertical: .center)
    }
  }
}

extension Canvas.Rectangle {
  func contains(_ point: Canvas.Point) -> Bool {
    point.x >= x && point.x <= maxX && point.y >= y && point.y <= maxY
  }
}
