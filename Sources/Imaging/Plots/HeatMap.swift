/// Where points fall, as a grid of counts from white (none) to dark (most).
public struct HeatMap: PlotPanel, Equatable {
  public var title: String
  public var x: PlotAxis
  public var y: PlotAxis
  /// Whether y grows downwards, as in pictures.
  public var isUpsideDown: Bool
  public let columns: Int
  public let rows: Int
  /// `rows × columns`, rows by growing y.
  public let counts: [Int]

  /// Counts points over the unit square or the axes' ranges; points outside are left out.
  public init(
    title: String, x: PlotAxis, y: PlotAxis, points: [Canvas.Point], bins: Int = 40,
    isUpsideDown: Bool = false
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.isUpsideDown = isUpsideDown
    columns = max(1, bins)
    rows = columns
    self.x.range = Self.usable(x.range)
    self.y.range = Self.usable(y.range)
    var counts = [Int](repeating: 0, count: columns * rows)
    for point in points {
      guard let column = Self.bin(point.x, self.x.range ?? 0...1, columns),
        let row = Self.bin(point.y, self.y.range ?? 0...1, rows)
      else { continue }
      counts[row * columns + column] += 1
    }
    self.counts = counts
  }

  public func draw(on canvas: Canvas, in area: Canvas.Rectangle) {
    let frame = AxisFrame(
      title: title, xAxis: x, yAxis: y, xValues: [], yValues: [], isUpsideDown: isUpsideDown, right: 62,
      on: canvas, in: area)
    let plot = frame.plot
    let most = counts.max() ?? 0
    drawScale(most, on: canvas, in: plot)
    guard most > 0 else {
      canvas.text(
        "no data", at: plot.center, size: PlotStyle.textSize, color: PlotStyle.faint, horizontal: .center,
        vertical: .center)
      return
    }
    let cell = (width: plot.width / Double(columns), height: plot.height / Double(rows))
    for row in 0..<rows {
      for column in 0..<columns where counts[row * columns + column] > 0 {
        let share = Double(counts[row * columns + column]) / Double(most)
        let top = isUpsideDown ? Double(row) : Double(rows - 1 - row)
        canvas.rectangle(
          Canvas.Rectangle(
            x: plot.x + Double(column) * cell.width, y: plot.y + top * cell.height, width: cell.width + 0.3,
            height: cell.height + 0.3), fill: Self.shade(share))
      }
    }
    canvas.rectangle(plot, stroke: PlotStyle.axis, lineWidth: 1)
  }

  private func drawScale(_ most: Int, on canvas: Canvas, in plot: Canvas.Rectangle) {
    let steps = 32
    let bar = Canvas.Rectangle(x: plot.maxX + 12, y: plot.y, width: 10, height: plot.height)
    for step in 0..<steps {
      let height = bar.height / Double(steps)
      canvas.rectangle(
        Canvas.Rectangle(
          x: bar.x, y: bar.maxY - Double(step + 1) * height, width: bar.width, height: height + 0.3),
        fill: Self.shade((Double(step) + 0.5) / Double(steps)))
    }
    canvas.rectangle(bar, stroke: PlotStyle.axis, lineWidth: 0.8)
    for (text, y) in [(String(most), bar.y), ("0", bar.maxY)] {
      canvas.text(
        text, at: Canvas.Point(bar.maxX + 4, y), size: PlotStyle.tickSize, color: PlotStyle.ink,
        vertical: .center)
    }
  }

  /// White over blue to nearly black.
  private static func shade(_ share: Double) -> Color {
    let root = share.squareRoot()
    return root < 0.5
      ? Color(hex: 0xF3F7FC).mixed(with: Color(hex: 0x5A9BD8), root * 2)
      : Color(hex: 0x5A9BD8).mixed(with: Color(hex: 0x08244A), root * 2 - 1)
  }

  private static func bin(_ value: Double, _ range: ClosedRange<Double>, _ count: Int) -> Int? {
    guard range.contains(value) else { return nil }
    return min(
      count - 1, Int((value - range.lowerBound) / (range.upperBound - range.lowerBound) * Double(count)))
  }

  private static func usable(_ range: ClosedRange<Double>?) -> ClosedRange<Double> {
    guard let range, range.lowerBound < range.upperBound, (range.upperBound - range.lowerBound).isFinite
    else {
      return 0...1
    }
    return range
  }
}
