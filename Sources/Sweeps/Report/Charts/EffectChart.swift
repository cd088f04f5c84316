internal import Pages

/// Main effects (the mean at each level of an axis) and interactions (at each pair of levels of two).
struct EffectChart {
  let analysis: FactorialAnalysis
  let figure: String

  private var frame: ChartFrame {
    var frame = ChartFrame()
    frame.width = 380
    frame.height = 270
    frame.bottom = 56
    return frame
  }

  func mainEffects() -> [HTML] {
    let all = analysis.effects.map(\.mean)
    let y = ChartScale(all, from: frame.plotBottom, to: frame.top)
    return analysis.axes.enumerated().map { index, axis in
      let effects = analysis.effects.filter { $0.axis == axis.name }
      var content = ground(y, axis)
      content += ChartFrame.path(
        effects.enumerated().map { (place($0.offset, of: effects.count), y($0.element.mean)) },
        kind: "line s0")
      for (level, effect) in effects.enumerated() {
        content += dot(place(level, of: effects.count), y(effect.mean), "s0", effect.level, effect.mean)
      }
      return frame.svg(
        id: "effect-\(index)", title: "Main effect of \(axis.name)",
        text: effects.map { "\($0.level): \(ReportNumber.figure($0.mean))" }.joined(separator: "; ") + ".",
        content)
    }
  }

  /// With a legend each; ten at most.
  func interactions() -> [HTML] {
    analysis.interactions.prefix(10).enumerated().map { index, interaction in
      let y = ChartScale(
        interaction.means.flatMap { $0 }, from: frame.plotBottom, to: frame.top)
      let (first, second) = (interaction.first, interaction.second)
      var content = ground(y, first)
      var legend: [HTML] = []
      for (line, level) in second.levels.enumerated() {
        let kind = line < SeriesColors.limit ? "s\(line)" : "rest"
        let means = interaction.means.map { $0[line] }
        content += ChartFrame.path(
          means.enumerated().map { (place($0.offset, of: means.count), y($0.element)) }, kind: "line \(kind)")
        for (column, mean) in means.enumerated() {
          content += dot(
            place(column, of: means.count), y(mean), kind, "\(first.levels[column]), \(level)", mean)
        }
        legend.append("<li class=\"\(kind)\"><i></i>\(second.name) = \(level)</li>")
      }
      let drawing = frame.svg(
        id: "interaction-\(index)", title: "Interaction of \(first.name) and \(second.name)",
        text: "Lines that are not parallel tell that the two act together.", content)
      return "<div>\(drawing)<ul class=\"legend\">\(legend)</ul></div>\n"
    }
  }

  private func place(_ level: Int, of count: Int) -> Double {
    frame.left + (frame.plotRight - frame.left) * (Double(level) + 0.5) / Double(count)
  }

  private func dot(_ x: Double, _ y: Double, _ kind: String, _ name: String, _ mean: Double) -> HTML {
    """
    <circle class="dot \(kind)" cx="\(at: x)" cy="\(at: y)" r="4.5"><title>\(name): \
    \(ReportNumber.figure(mean))</title></circle>

    """
  }

  private func ground(_ y: ChartScale, _ axis: SweepResults.Axis) -> HTML {
    var content = frame.yAxis(y, label: FigurePath.label(figure))
    content += """
      <line class="axis" x1="\(at: frame.left)" y1="\(at: frame.plotBottom)" x2="\(at: frame.plotRight)" \
      y2="\(at: frame.plotBottom)"/>
      <text class="label mid" x="\(at: frame.middleX)" y="\(at: frame.height - 8)">\(axis.name)</text>

      """
    let room = max(4, Int(44 / max(1, axis.levels.count)))
    for (index, level) in axis.levels.enumerated() {
      content += """
        <text class="tick mid" x="\(at: place(index, of: axis.levels.count))" y="\(at: frame.plotBottom + 20)">\
        \(ChartFrame.shortened(level, to: room))</text>

        """
    }
    return content
  }
}
