/// Horizontal bars, one a category, each made of one or more stacked parts.
public struct BarChart: PlotPanel, Equatable {
  /// One bar; `values` has an entry for each part.
  public struct Bar: Sendable, Equatable {
    public var name: String
    public var values: [Double]

    public init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  public var title: String
  /// What the length of a bar means.
  public var axis: PlotAxis
  /// The names of the parts; a single part needs no legend.
  public var parts: [String]
  public var bars: [Bar]
  /// The colours of the parts; with one part, each bar has its own.
  public var palette: Palette
  /// At most so many bars are drawn, from the first; the rest are counted.
  public var limit: Int

  public init(
    title: String, axis: PlotAxis, parts: [String] = [""], bars: [Bar], palette: Palette = .categories,
    limit: Int = 24
  ) {
    self.title = title
    self.axis = axis
    self.parts = parts
    self.bars = bars
    self.palette = palette
    self.limit = max(1, limit)
  }

  public func draw(on canvas: Canvas, in area: Canvas.Rectangle) {
    let shown = Array(bars.prefix(limit))
    let totals = shown.map { $0.values.map(Self.length).reduce(0, +) }
    PlotStyle.drawTitle(title, on: canvas, in: area)
    let hasLegend = parts.count > 1
    let nameWidth = min(
      area.width * 0.35, shown.map { canvas.textSize($0.name, size: PlotStyle.tickSize).width }.max() ?? 0)
    let plot = area.inset(
      left: nameWidth + 14, top: hasLegend ? 46 : 28, right: 44, bottom: bars.count > limit ? 54 : 40)
    let longest = totals.max() ?? 0
    let scale = AxisScale(
      values: [], fixed: 0...(longest > 0 ? longest : 1), count: max(2, Int(plot.width / 70)),
      integral: axis.isIntegral)
    drawAxis(scale, on: canvas, in: plot)
    if hasLegend { drawLegend(on: canvas, at: Canvas.Point(plot.x, area.y + 28)) }
    guard !shown.isEmpty else {
      canvas.text(
        "no data", at: plot.center, size: PlotStyle.textSize, color: PlotStyle.faint, horizontal: .center,
        vertical: .center)
      return
    }
    let pitch = plot.height / Double(shown.count)
    let textSize = min(PlotStyle.tickSize, max(5, pitch * 0.85))
    for (index, bar) in shown.enumerated() {
      let y = plot.y + (Double(index) + 0.5) * pitch
      canvas.text(
        PlotStyle.fitted(bar.name, width: nameWidth, size: textSize, on: canvas),
        at: Canvas.Point(plot.x - 6, y),
        size: textSize, color: PlotStyle.ink, horizontal: .trailing, vertical: .center)
      let thickness = min(34, pitch * 0.74)
      var x = plot.x
      for (part, value) in bar.values.enumerated() {
        let width = Self.length(value) / scale.upper * plot.width
        canvas.rectangle(
          Canvas.Rectangle(x: x, y: y - thickness / 2, width: width, height: thickness),
          fill: palette[parts.count > 1 ? part : index])
        x += width
      }
      canvas.text(
        Self.number(totals[index]), at: Canvas.Point(x + 4, y), size: textSize, color: PlotStyle.ink,
        vertical: .center)
    }
    if bars.count > limit {
      canvas.text(
        "and \(bars.count - limit) more", at: Canvas.Point(area.center.x, area.maxY - 16),
        size: PlotStyle.tickSize, color: PlotStyle.faint, horizontal: .center)
    }
  }

  private func drawAxis(_ scale: AxisScale, on canvas: Canvas, in plot: Canvas.Rectangle) {
    for tick in scale.ticks {
      let x = plot.x + plot.width * scale.position(tick)
      canvas.line(
        from: Canvas.Point(x, plot.y), to: Canvas.Point(x, plot.maxY), color: PlotStyle.grid, width: 0.8)
      canvas.text(
        scale.label(tick), at: Canvas.Point(x, plot.maxY + 5), size: PlotStyle.tickSize, color: PlotStyle.ink,
        horizontal: .center)
    }
    canvas.line(
      from: Canvas.Point(plot.x, plot.y), to: Canvas.Point(plot.x, plot.maxY), color: PlotStyle.axis, width: 1
    )
    canvas.text(
      axis.label, at: Canvas.Point(plot.center.x, plot.maxY + 20), size: PlotStyle.textSize,
      color: PlotStyle.ink, horizontal: .center)
  }

  private func drawLegend(on canvas: Canvas, at point: Canvas.Point) {
    var x = point.x
    for (index, part) in parts.enumerated() {
      canvas.rectangle(
        Canvas.Rectangle(x: x, y: point.y, width: 10, height: 10), fill: palette[index])
      canvas.text(
        part, at: Canvas.Point(x + 14, point.y + 5), size: PlotStyle.tickSize, color: PlotStyle.ink,
        vertical: .center)
      x += 14 + canvas.textSize(part, size: PlotStyle.tickSize).width + 14
    }
  }

  /// A bar's drawable length: negative and unplottable values have none.
  private static func length(_ value: Double) -> Double { AxisScale.isPlottable(value) ? max(0, value) : 0 }

  private static func number(_ value: Double) -> String {
    if value.rounded() == value, value < 1e15 { return String(Int(value)) }
    return String((value * 1000).rounded() / 1000)
  }
}
