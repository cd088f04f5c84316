import PoseCore

/// The figures of boxes or of poses over all classes with labels.
struct YOLOFigures {
  struct Class {
    var index: Int
    var labelCount: Int
    var curves: ConfidenceCurves
  }

  let classes: [Class]
  /// Where on the grid of confidences the smoothed mean F1 is highest.
  let best: Int
  private let meanF1: [Double]

  init(classes: [Class]) {
    self.classes = classes
    let mean = ConfidenceCurves.smoothed(Self.mean(classes.map(\.curves.f1)))
    meanF1 = mean
    best = mean.indices.reduce(0) { mean[$1] > mean[$0] ? $1 : $0 }
  }

  var labelCount: Int { classes.reduce(0) { $0 + $1.labelCount } }
  var bestF1: Double { rounded(meanF1[best]) }
  var bestConfidence: Double { rounded(ConfidenceCurves.grid[best]) }

  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

  /// mAP50-95; 0 without labels.
  static func map(_ part: YOLOFigures) -> Double {
    average(part.classes.flatMap(\.curves.averagePrecision))
  }

  /// Precision, recall, mAP50 and mAP50-95 under the names that users of YOLO tools know.
  static func mean(_ part: YOLOFigures, _ suffix: String) -> [MetricValue] {
    named(
      suffix, average(part.classes.map { $0.curves.precision[part.best] }),
      average(part.classes.map { $0.curves.recall[part.best] }),
      average(part.classes.map { $0.curves.averagePrecision[0] }), map(part))
  }

  static func ofClass(_ own: Class, _ part: YOLOFigures, _ suffix: String) -> [MetricValue] {
    let curves = own.curves
    return named(
      suffix, curves.precision[part.best], curves.recall[part.best], curves.averagePrecision[0],
      average(curves.averagePrecision))
  }

  static func curves(_ part: YOLOFigures, _ prefix: String, _ name: (Int) -> String) -> [MetricCurve] {
    func curve(
      _ suffix: String, _ x: String, _ y: String, _ values: (ConfidenceCurves) -> [Double]
    ) -> MetricCurve {
      let series = part.classes.map { MetricCurve.Series(label: name($0.index), y: values($0.curves)) }
      let mean = mean(series.map(\.y))
      return MetricCurve(
        name: prefix + suffix, xLabel: x, yLabel: y, x: ConfidenceCurves.grid, series: series,
        mean: x == "Confidence" ? ConfidenceCurves.smoothed(mean) : mean)
    }
    return [
      curve("PR", "Recall", "Precision", \.precisionOverRecall), curve("F1", "Confidence", "F1", \.f1),
      curve("P", "Confidence", "Precision", \.precision), curve("R", "Confidence", "Recall", \.recall),
    ]
  }

  private static func named(
    _ suffix: String, _ precision: Double, _ recall: Double, _ map50: Double, _ map: Double
  ) -> [MetricValue] {
    [
      MetricValue("metrics/precision(\(suffix))", precision),
      MetricValue("metrics/recall(\(suffix))", recall),
      MetricValue("metrics/mAP50(\(suffix))", map50), MetricValue("metrics/mAP50-95(\(suffix))", map),
    ]
  }

  private static func average(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  private static func mean(_ curves: [[Double]]) -> [Double] {
    ConfidenceCurves.grid.indices.map { index in average(curves.map { $0[index] }) }
  }
}
