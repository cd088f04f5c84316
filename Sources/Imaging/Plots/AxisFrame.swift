/// The drawn frame of a two-dimensional plot: grid, ticks, labels, and the way from values to places.
struct AxisFrame {
  let x: AxisScale
  let y: AxisScale
  /// Whether y grows downwards.
  let isUpsideDown: Bool
  /// Where the data goes.
  let plot: Canvas.Rectangle

  /// Draws title, grid, axes and their texts in `area`, leaving `right` free beside the plot.
  init(
    title: String, xAxis: PlotAxis, yAxis: PlotAxis, xValues: [Double], yValues: [Double],
    isUpsideDown: Bool = false, right: Double = 14, on canvas: Canvas, in area: Canvas.Rectangle
  ) {
    self.isUpsideDown = isUpsideDown
    let top = title.isEmpty ? 10.0 : 28
    let bottom = xAxis.label.isEmpty ? 24.0 : 40
    let yScale = AxisScale(
      values: yValues, fixed: yAxis.range, count: max(2, Int((area.height - top - bottom) / 40)),
      integral: yAxis.isIntegral)
    let widest =
      yScale.ticks.map { canvas.textSize(yScale.label($0), size: PlotStyle.tickSize).width }.max() ?? 0
    let left = widest + (yAxis.label.isEmpty ? 14 : 32)
    let plot = area.inset(left: left, top: top, right: right, bottom: bottom)
    self.plot = plot
    y = yScale
    x = AxisScale(
      values: xValues, fixed: xAxis.range, count: max(2, Int(plot.width / 60)), integral: xAxis.isIntegral)
    PlotStyle.drawTitle(title, on: canvas, in: area)
    drawTicks(on: canvas)
    canvas.rectangle(plot, stroke: PlotStyle.axis, lineWidth: 1)
    canvas.text(
      PlotStyle.fitted(xAxis.label, width: area.width - 8, size: PlotStyle.textSize, on: canvas),
      at: Canvas.Point(plot.center.x, plot.maxY + 21), size: PlotStyle.textSize, color: PlotStyle.ink,
      horizontal: .center)
    canvas.text(
      PlotStyle.fitted(yAxis.label, width: area.height - 8, size: PlotStyle.textSize, on: canvas),
      at: Canvas.Point(area.x + 5, plot.center.y), size: PlotStyle.textSize, color: PlotStyle.ink,
      horizontal: .center, quarterTurn: true)
  }

  /// The place of a pair of values; not finite where a value cannot be plotted.
  func place(_ xValue: Double, _ yValue: Double) -> Canvas.Point {
    guard AxisScale.isPlottable(xValue), AxisScale.isPlottable(yValue) else {
      return Canvas.Point(.nan, .nan)
    }
    let down = isUpsideDown ? y.position(yValue) : 1 - y.position(yValue)
    return Canvas.Point(plot.x + plot.width * x.position(xValue), plot.y + plot.height * down)
  }

  private func drawTicks(on canvas: Canvas) {
    for tick in x.ticks {
      let at = place(tick, y.lower).x
      canvas.line(
        from: Canvas.Point(at, plot.y), to: Canvas.Point(at, plot.maxY), color: PlotStyle.grid, width: 0.8)
      canvas.text(
        x.label(tick), at: Canvas.Point(at, plot.maxY + 5), size: PlotStyle.tickSize, color: PlotStyle.ink,
        horizontal: .center)
    }
    for tick in y.ticks {
      let at = place(x.lower, tick).y
      canvas.line(
        from: Canvas.Point(plot.x, at), to: Canvas.Point(plot.maxX, at), color: PlotStyle.grid, width: 0.8)
      canvas.text(
        y.label(tick), at: Canvas.Point(plot.x - 5, at), size: PlotStyle.tickSize, color: PlotStyle.ink,
        horizontal: .trailing, vertical: .center)
    }
  }
}
