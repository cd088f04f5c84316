internal import Pages

extension ReportPage {
  private func figure(_ title: String, _ drawing: HTML) -> HTML {
    "<figure><figcaption>\(title)</figcaption>\n\(drawing)</figure>\n"
  }

  private var hasRest: Bool { !colors.areAllNamed }

  var differenceSection: Section? {
    guard let drawing = DifferenceChart(analysis: analysis, colors: colors, figure: results.figure).svg()
    else {
      return nil
    }
    let compared = analysis.variants.count { $0.difference != nil }
    let limit = DifferenceChart.limit
    let note: HTML =
      compared > limit
      ? "<p class=\"muted\">The first \(limit) of \(compared) variants; the table has all.</p>\n" : ""
    return Section(
      id: "differences", title: "Differences to the baseline",
      content: "\(note)\(figure("Mean over seeds, with 95 % intervals over validation images", drawing))")
  }

  var costSection: Section? {
    let chart = CostChart(analysis: analysis, colors: colors, figure: results.figure)
    let drawings: [HTML] = CostChart.kinds.compactMap { kind in
      chart.svg(kind).map {
        figure("\(FigurePath.label(results.figure)) against \(kind.title.lowercased())", $0)
      }
    }
    guard !drawings.isEmpty else { return nil }
    return Section(
      id: "cost", title: "Accuracy against cost",
      content: """
        <p class="muted">Dotted: the Pareto front. Variants off it (hollow) are beaten by one that costs no more and is \
        no worse. Whiskers: one standard deviation over seeds.</p>
        \(colors.legend(hasRest: hasRest))<div class="charts">
        \(drawings)</div>

        """)
  }

  var learningSection: Section? {
    let chart = LearningChart(analysis: analysis, colors: colors)
    let drawings: [HTML] = LearningChart.kinds(results).compactMap { kind in
      chart.svg(kind).map { figure(kind.title, $0) }
    }
    guard !drawings.isEmpty else { return nil }
    return Section(
      id: "learning", title: "Learning curves",
      content: """
        <p class="muted">Mean over seeds; bands reach from the lowest to the highest seed.</p>
        \(colors.legend(hasRest: hasRest))<div class="charts">
        \(drawings)</div>

        """)
  }

  var effectSection: Section? {
    guard let factorial = analysis.factorial else {
      guard results.mode == "grid" else { return nil }
      return Section(
        id: "effects", title: "Main effects and interactions",
        content: """
          <p class="muted">Not given: they need at least one finished run in every cell of the grid, and an axis with \
          two levels.</p>

          """)
    }
    let chart = EffectChart(analysis: factorial, figure: results.figure)
    let mains: [HTML] = zip(factorial.axes, chart.mainEffects()).map { figure("Effect of \($0.name)", $1) }
    let pairs: [HTML] = zip(factorial.interactions, chart.interactions()).map {
      figure("\($0.first.name) with \($0.second.name)", $1)
    }
    let interactions: HTML =
      pairs.isEmpty
      ? ""
      : """
      <h3>Interactions</h3>
      <p class="muted">Parallel lines: the two axes add up. Else what one does hangs on the other.</p>
      <div class="charts small">
      \(pairs)</div>

      """
    return Section(
      id: "effects", title: "Main effects and interactions",
      content: """
        <h3>Main effects</h3>
        \(effectTable(factorial))<div class="charts small">
        \(mains)</div>
        \(interactions)\(varianceTable(factorial))
        """)
  }

  private func effectTable(_ factorial: FactorialAnalysis) -> HTML {
    let rows: [HTML] = zip(factorial.effects, analysis.effectIntervals).map { effect, images in
      let isFirst = factorial.axes.first { $0.name == effect.axis }?.levels.first == effect.level
      return """
        <tr\(isFirst ? " class=\"base\"" as HTML : "")><th scope="row" class="name">\(effect.axis)</th>\
        <td class="name">\(effect.level)</td><td class="n">\(ReportNumber.figure(effect.mean))</td>\
        <td class="n">\(isFirst ? ReportNumber.missing : ReportNumber.figure(effect.difference, signed: true))</td>\
        <td class="n">\(ReportNumber.interval(effect.interval))</td>\
        <td class="n">\(ReportNumber.interval(images))</td></tr>

        """
    }
    return """
      <p class="muted">Means of \(FigurePath.label(results.figure)) over all cells with a level, and differences to \
      the axis's first level.</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Main effects"><table>
      <thead><tr><th scope="col">Axis</th><th scope="col">Level</th><th scope="col" class="n">Mean</th>\
      <th scope="col" class="n">Difference</th><th scope="col" class="n">95 % CI<small>over seeds (t)</small></th>\
      <th scope="col" class="n">95 % CI<small>over images (bootstrap)</small></th></tr></thead>
      <tbody>
      \(rows)</tbody>
      </table></div>

      """
  }

  private func varianceTable(_ factorial: FactorialAnalysis) -> HTML {
    guard !factorial.sources.isEmpty else {
      return """
        <p class="muted">The variation is not split between the axes: the cells have unequal numbers of finished \
        runs.</p>

        """
    }
    var rows: [HTML] = factorial.sources.map { source in
      """
      <tr><th scope="row" class="name">\(source.axes.joined(separator: " × "))</th>\
      <td class="n">\(source.degrees)</td><td class="n">\(Self.percent(source.share))</td>\
      <td class="n">\(source.ratio.map { ReportNumber.cost($0) } ?? ReportNumber.missing)</td>\
      <td class="n">\(ReportNumber.pValue(source.pValue))</td></tr>

      """
    }
    if let residual = factorial.residual {
      let explained = factorial.sources.reduce(0) { $0 + $1.share }
      let shareOfRest = factorial.axes.count < 3 ? Self.percent(1 - explained) : ReportNumber.missing
      rows.append(
        """
        <tr><th scope="row" class="name">between seeds</th><td class="n">\(residual.degrees)</td>\
        <td class="n">\(shareOfRest)</td><td class="n">–</td><td class="n">–</td></tr>

        """)
    }
    return """
      <h3>Where the variation comes from</h3>
      <p class="muted">Analysis of variance, \(factorial.runsPerCell ?? 0) runs a cell\
      \(factorial.residual == nil ? "; with one seed a cell there is no spread to test against" : "").</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Analysis of variance"><table>
      <thead><tr><th scope="col">Source</th><th scope="col" class="n">Degrees<small>of freedom</small></th>\
      <th scope="col" class="n">Share</th><th scope="col" class="n">F</th><th scope="col" class="n">p</th></tr></thead>
      <tbody>
      \(rows)</tbody>
      </table></div>

      """
  }

  private static func percent(_ share: Double) -> String {
    guard share.isFinite else { return ReportNumber.missing }
    let tenths = Int((min(max(share, 0), 1) * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
