internal import Pages
internal import Training

/// How a figure went from epoch to epoch: a line for the mean of each variant's seeds, a band from their least to their
/// greatest.
struct LearningChart {
  struct Kind {
    var id: String
    var title: String
    var value: (EpochRecord) -> Double?
  }

  let analysis: SweepAnalysis
  let colors: SeriesColors
  /// Points of a line at most.
  static let resolution = 200

  /// The deciding figure, or what stands closest to it in the epochs' records; then the training loss.
  static func kinds(_ results: SweepResults) -> [Kind] {
    let records = results.runs.flatMap { $0.epochs.suffix(1) }
    let names = Set(records.flatMap { $0.metrics.map(\.name) })
    let parts = results.figure.split(separator: "/", maxSplits: 1).map(String.init)
    let candidates = [
      results.figure, parts.last ?? "", "metrics/mAP50-95(P)", "metrics/mAP50-95(B)", names.min() ?? "",
    ]
    var kinds: [Kind] = []
    if let name = candidates.first(where: { names.contains($0) }) {
      kinds.append(
        Kind(id: "learning-metric", title: name) { record in
          record.metrics.first { $0.name == name }?.value
        })
    }
    kinds.append(
      Kind(id: "learning-loss", title: "Training loss (sum of its parts)") { record in
        record.trainLosses.isEmpty ? nil : record.trainLosses.reduce(0) { $0 + $1.value }
      })
    return kinds
  }

  func svg(_ kind: Kind) -> HTML? {
    let curves = analysis.variants.compactMap { variant in
      Curve(variant, kind.value).map { (variant: variant, curve: $0) }
    }
    guard let last = curves.flatMap({ $0.curve.points.map(\.epoch) }).max() else { return nil }
    let frame = ChartFrame()
    let x = ChartScale([1, Double(last)], from: frame.left + 6, to: frame.plotRight, isWhole: true)
    let named = curves.filter { colors[$0.variant.name] != "rest" }
    let y = ChartScale(
      curves.flatMap { $0.curve.points.flatMap { [$0.low, $0.high] } }, from: frame.plotBottom, to: frame.top)
    var content = frame.yAxis(y, label: kind.title)
    content += frame.xAxis(x, label: "Epoch")
    for entry in curves where colors[entry.variant.name] == "rest" {
      content += ChartFrame.path(
        entry.curve.points.map { (x(Double($0.epoch)), y($0.mean)) }, kind: "line thin rest")
    }
    for entry in named where entry.variant.runs.count > 1 {
      content += band(entry.curve, x, y, colors[entry.variant.name])
    }
    for entry in named {
      let points = entry.curve.points
      let color = colors[entry.variant.name]
      content += ChartFrame.path(points.map { (x(Double($0.epoch)), y($0.mean)) }, kind: "line \(color)")
      if let only = points.first, points.count == 1 {
        content += """
          <circle class="dot \(color)" cx="\(at: x(Double(only.epoch)))" cy="\(at: y(only.mean))" r="4"/>

          """
      }
    }
    return frame.svg(
      id: kind.id, title: "\(kind.title) by epoch",
      text:
        "Mean over seeds of each of \(curves.count) variants, with a band from the least to the greatest.",
      content)
  }

  private func band(_ curve: Curve, _ x: ChartScale, _ y: ChartScale, _ color: String) -> HTML {
    let points = curve.points
    guard points.count > 1 else { return "" }
    var result: HTML = "<polygon class=\"band \(color)\" points=\""
    for point in points { result += "\(at: x(Double(point.epoch))),\(at: y(point.high)) " }
    for point in points.reversed() { result += "\(at: x(Double(point.epoch))),\(at: y(point.low)) " }
    result += "\"/>\n"
    return result
  }
}

/// One variant's curve.
private struct Curve {
  let points: [(epoch: Int, low: Double, mean: Double, high: Double)]

  init?(_ variant: SweepAnalysis.Variant, _ value: (EpochRecord) -> Double?) {
    var byEpoch: [Int: [Double]] = [:]
    for run in variant.runs {
      for record in run.epochs {
        if let value = value(record), value.isFinite { byEpoch[record.epoch, default: []].append(value) }
      }
    }
    guard !byEpoch.isEmpty else { return nil }
    let epochs = byEpoch.keys.sorted()
    let stride = max(1, (epochs.count + LearningChart.resolution - 1) / LearningChart.resolution)
    points = epochs.enumerated().filter { $0.offset % stride == 0 || $0.offset == epochs.count - 1 }
      .compactMap { _, epoch in
        guard let values = byEpoch[epoch], let low = values.min(), let high = values.max() else { return nil }
        return (epoch, low, values.reduce(0, +) / Double(values.count), high)
      }
  }
}
