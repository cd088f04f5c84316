internal import Pages

/// Every variant's difference to the baseline with its interval, one below the other.
struct DifferenceChart {
  let analysis: SweepAnalysis
  let colors: SeriesColors
  let figure: String
  static let limit = 60

  func svg() -> HTML? {
    let variants = analysis.variants.filter { $0.difference?.estimate.isFinite == true }
    guard !variants.isEmpty else { return nil }
    let shown = variants.prefix(Self.limit)
    var frame = ChartFrame()
    frame.left = 215
    frame.right = 24
    frame.height = Double(shown.count) * 26 + frame.top + frame.bottom + 8
    var values = [0.0]
    for variant in shown {
      guard let difference = variant.difference else { continue }
      values.append(difference.estimate)
      if let interval = difference.interval { values += [interval.low, interval.high] }
    }
    let x = ChartScale(values, from: frame.left + 8, to: frame.plotRight)
    var content = frame.xAxis(
      x, label: "Difference of \(FigurePath.label(figure)) to the baseline", hasGrid: true)
    content += """
      <line class="zero" x1="\(at: x(0))" y1="\(at: frame.top)" x2="\(at: x(0))" y2="\(at: frame.plotBottom)"/>

      """
    for (row, variant) in shown.enumerated() {
      guard let difference = variant.difference else { continue }
      let y = frame.top + 18 + Double(row) * 26
      let kind = colors[variant.name]
      if let interval = difference.interval {
        content += """
          <line class="whisker \(kind)" x1="\(at: x(interval.low))" y1="\(at: y)" \
          x2="\(at: x(interval.high))" y2="\(at: y)"/>

          """
      }
      content += """
        <circle class="dot \(kind)" cx="\(at: x(difference.estimate))" cy="\(at: y)" r="5">\
        <title>\(variant.name): \(ReportNumber.figure(difference.estimate, signed: true)) \
        \(ReportNumber.interval(difference.interval))</title></circle>
        <text class="tick end" x="\(at: frame.left - 4)" y="\(at: y + 4)">\
        \(ChartFrame.shortened(variant.name, to: 28))</text>

        """
    }
    return frame.svg(
      id: "differences", title: "Differences to the baseline",
      text: "\(shown.count) variants with their differences and 95 % intervals over validation images.",
      content)
  }
}
