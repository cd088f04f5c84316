import PoseCore

/// The published figures of a COCO evaluation.
enum COCOSummary {
  /// AP AP50 AP75 APm APl AR AR50 AR75 ARm ARl.
  static func keypoints(_ evaluation: COCOEvaluation, category: Int? = nil) -> [MetricValue] {
    figures(evaluation, "AP", areas: ["m", "l"]) {
      evaluation.averagePrecision(threshold: $0, area: $1, category: category)
    }
      + figures(evaluation, "AR", areas: ["m", "l"]) {
        evaluation.averageRecall(threshold: $0, area: $1, category: category)
      }
  }

  /// AP AP50 AP75 APs APm APl AR1 AR10 AR100 ARs ARm ARl.
  static func boxes(_ evaluation: COCOEvaluation, category: Int? = nil) -> [MetricValue] {
    var values = figures(evaluation, "AP", areas: ["s", "m", "l"]) {
      evaluation.averagePrecision(threshold: $0, area: $1, category: category)
    }
    for (index, limit) in evaluation.rules.detectionLimits.enumerated() {
      values.append(MetricValue("AR\(limit)", evaluation.averageRecall(limit: index, category: category)))
    }
    for (index, area) in ["s", "m", "l"].enumerated() {
      values.append(MetricValue("AR\(area)", evaluation.averageRecall(area: index + 1, category: category)))
    }
    return values
  }

  /// Over all thresholds, at 0.5 and 0.75, and for each area range but the first.
  private static func figures(
    _ evaluation: COCOEvaluation, _ name: String, areas: [String],
    _ value: (_ threshold: Int?, _ area: Int) -> Double
  ) -> [MetricValue] {
    var values = [MetricValue(name, value(nil, 0))]
    for (suffix, threshold) in [("50", 0.5), ("75", 0.75)] {
      if let index = evaluation.rules.thresholds.firstIndex(of: threshold) {
        values.append(MetricValue(name + suffix, value(index, 0)))
      }
    }
    for (index, area) in areas.enumerated() { values.append(MetricValue(name + area, value(nil, index + 1))) }
    return values
  }

  /// One report for each category with labels.
  static func classes(
    _ evaluation: COCOEvaluation, _ values: (COCOEvaluation, Int?) -> [MetricValue]
  ) -> [MetricClassReport] {
    evaluation.categoryIDs.indices.compactMap { index in
      let labels = evaluation.matches.labelCounts[0][index]
      guard labels > 0 else { return nil }
      let name = index < evaluation.categoryNames.count ? evaluation.categoryNames[index] : ""
      return MetricClassReport(
        classIndex: evaluation.categoryIDs[index], className: name, labelCount: labels,
        values: values(evaluation, index))
    }
  }
}
