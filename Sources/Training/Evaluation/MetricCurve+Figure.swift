internal import Imaging
internal import PoseCore

extension MetricReport {
  /// The report's curves as figures, by file name: `PosePR_curve.png` …
  var curveFigures: [(name: String, figure: Figure)] {
    curves.map { curve in
      guard curve.name.hasPrefix("Pose") || curve.name.hasPrefix("Box") else {
        return ("\(curve.name)_curve.png", curve.figure)
      }
      let part = curve.name.hasPrefix("Pose") ? "P" : "B"
      let series = curve.series.map { series in
        let score = classes.first { $0.className == series.label }?["metrics/mAP50(\(part))"]
        return ClassCurve(series.label, x: curve.x, y: series.y, score: curve.isPrecisionRecall ? score : nil)
      }
      let subject = part == "P" ? "pose" : "box"
      let figure =
        curve.isPrecisionRecall
        ? Figure.precisionRecall(series, metric: "mAP50", title: "Precision-recall, \(subject)")
        : Figure.confidence(series, metric: curve.yLabel, title: "\(curve.yLabel)-confidence, \(subject)")
      return ("\(curve.name)_curve.png", figure)
    }
  }
}

extension MetricCurve {
  /// The curves as they are.
  fileprivate var figure: Figure {
    Figure.curves(
      series.map { ClassCurve($0.label, x: x, y: $0.y) }, mean: ClassCurve("all", x: x, y: mean), x: xLabel,
      y: yLabel, title: name)
  }

  fileprivate var isPrecisionRecall: Bool { name.hasSuffix("PR") }
}
