import PoseCore

/// The outcome of a COCO evaluation.
///
/// Means are over categories and thresholds with labels; -1 where there are none, as in pycocotools.
public struct COCOEvaluation: Sendable {
  public let rules: COCOProtocol
  public let categoryIDs: [Int]
  public let categoryNames: [String]
  public let matches: COCOMatches
  /// `[area range][category][threshold][recall threshold]`, for the last limit of detections; the inner lists
  /// are empty for categories without labels that count.
  public let precision: [[[[Double]]]]
  /// `[limit of detections][area range][category][threshold]`; -1 without labels that count.
  public let recall: [[[[Double]]]]

  init(
    rules: COCOProtocol, categoryIDs: [Int], categoryNames: [String], matches: COCOMatches,
    cell: (_ category: Int, _ area: Int, _ threshold: Int) -> (precision: [Double]?, recall: [Double])
  ) {
    self.rules = rules
    self.categoryIDs = categoryIDs
    self.categoryNames = categoryNames
    self.matches = matches
    precision = rules.areaRanges.indices.map { area in
      categoryIDs.indices.map { category in
        rules.thresholds.indices.map { cell(category, area, $0).precision ?? [] }
      }
    }
    recall = rules.detectionLimits.indices.map { limit in
      rules.areaRanges.indices.map { area in
        categoryIDs.indices.map { category in
          rules.thresholds.indices.map { threshold in
            let recall = cell(category, area, threshold).recall
            return recall.isEmpty ? -1 : recall[limit]
          }
        }
      }
    }
  }

  /// AP: the mean precision over recall thresholds, similarity thresholds and categories.
  ///
  /// - Parameters:
  ///   - threshold: a single one, by index.
  ///   - area: index of the area range.
  ///   - category: a single one, by index.
  public func averagePrecision(threshold: Int? = nil, area: Int = 0, category: Int? = nil) -> Double {
    var values: [Double] = []
    for threshold in threshold.map({ $0..<($0 + 1) }) ?? rules.thresholds.indices {
      for recall in rules.recallThresholds.indices {
        for category in category.map({ $0..<($0 + 1) }) ?? categoryIDs.indices {
          let precision = precision[area][category][threshold]
          if !precision.isEmpty { values.append(precision[recall]) }
        }
      }
    }
    return values.isEmpty ? -1 : PairwiseSum.mean(values)
  }

  /// AR: the mean of the highest recall over similarity thresholds and categories.
  ///
  /// - Parameters:
  ///   - threshold: a single one, by index.
  ///   - area: index of the area range.
  ///   - limit: index of the limit of detections; by default the last.
  ///   - category: a single one, by index.
  public func averageRecall(
    threshold: Int? = nil, area: Int = 0, limit: Int? = nil, category: Int? = nil
  ) -> Double {
    let recall = recall[limit ?? rules.detectionLimits.count - 1][area]
    var values: [Double] = []
    for threshold in threshold.map({ $0..<($0 + 1) }) ?? rules.thresholds.indices {
      for category in category.map({ $0..<($0 + 1) }) ?? categoryIDs.indices {
        if recall[category][threshold] > -1 { values.append(recall[category][threshold]) }
      }
    }
    return values.isEmpty ? -1 : PairwiseSum.mean(values)
  }
}
