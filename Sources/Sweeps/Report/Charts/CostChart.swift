internal import Pages

/// Accuracy against one cost, with the front of variants that nothing beats in both.
struct CostChart {
  struct Kind {
    var id: String
    var title: String
    var unit: String
    var value: @Sendable (SweepAnalysis.Cost) -> Double?
  }

  static let kinds: [Kind] = [
    Kind(id: "parameters", title: "Parameters", unit: "millions") { $0.parameters.map { $0 / 1e6 } },
    Kind(id: "gflops", title: "Operations", unit: "GFLOPs an image") { $0.gigaflops },
    Kind(id: "latency", title: "Latency", unit: "ms an image") { $0.latency },
    Kind(id: "training", title: "Training time", unit: "minutes a run") {
      $0.trainingSeconds.map { $0 / 60 }
    },
  ]

  let analysis: SweepAnalysis
  let colors: SeriesColors
  let figure: String

  /// Nil with fewer than two variants whose cost is known, or where all cost the same.
  func svg(_ kind: Kind) -> HTML? {
    let points: [(variant: SweepAnalysis.Variant, cost: Double, summary: SampleSummary)] =
      analysis.variants.compactMap { variant in
        guard let cost = kind.value(variant.cost), cost.isFinite, let summary = variant.figures[figure],
          summary.mean.isFinite
        else { return nil }
        return (variant, cost, summary)
      }
    guard points.count > 1, let least = points.map(\.cost).min(), let most = points.map(\.cost).max(),
      most > least
    else { return nil }
    let frame = ChartFrame()
    let x = ChartScale(points.map(\.cost), from: frame.left + 6, to: frame.plotRight)
    let reach = points.flatMap {
      [$0.summary.mean - ($0.summary.deviation ?? 0), $0.summary.mean + ($0.summary.deviation ?? 0)]
    }
    let y = ChartScale(reach, from: frame.plotBottom, to: frame.top)
    var content = frame.yAxis(y, label: FigurePath.label(figure))
    content += frame.xAxis(x, label: "\(kind.title) (\(kind.unit))")
    let sign = FigurePath.isLowerBetter(figure) ? -1.0 : 1.0
    let front = ParetoFront.indices(points.map { ($0.cost, sign * $0.summary.mean) })
    content += ChartFrame.path(
      front.map { (x(points[$0].cost), y(points[$0].summary.mean)) }, kind: "front")
    for (index, point) in points.enumerated() {
      let (px, py) = (x(point.cost), y(point.summary.mean))
      let color = colors[point.variant.name]
      if let deviation = point.summary.deviation {
        content += """
          <line class="whisker thin \(color)" x1="\(at: px)" y1="\(at: y(point.summary.mean - deviation))" \
          x2="\(at: px)" y2="\(at: y(point.summary.mean + deviation))"/>

          """
      }
      content += """
        <circle class="dot \(color)\(front.contains(index) ? "" : " hollow")" cx="\(at: px)" cy="\(at: py)" r="5">\
        <title>\(point.variant.name): \(ReportNumber.summary(point.summary)), \
        \(ReportNumber.cost(point.cost)) \(kind.unit)</title></circle>

        """
    }
    let names = front.map { points[$0].variant.name }.joined(separator: "; ")
    return frame.svg(
      id: "cost-\(kind.id)", title: "\(FigurePath.label(figure)) against \(kind.title.lowercased())",
      text: "\(points.count) variants; on the Pareto front: \(names).", content)
  }
}
