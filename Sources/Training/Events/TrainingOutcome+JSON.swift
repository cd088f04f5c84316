internal import Foundation
internal import PoseCore

extension TrainingOutcome {
  /// The run's end as one JSON object: how it ended, the best epoch, and every metric of its weights.
  public var json: String {
    get throws {
      var fields: [String: Any] = [
        "ending": ending.rawValue, "directory": directory, "epochs": epochs, "seconds": seconds,
        "peak_tensor_mb": Double(peakTensorBytes) / 1_048_576,
      ]
      if let bestEpoch { fields["best_epoch"] = bestEpoch }
      if let bestFitness, bestFitness.isFinite { fields["best_fitness"] = bestFitness }
      if let report { fields["metrics"] = report.jsonObject }
      let data = try JSONSerialization.data(
        withJSONObject: fields, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
      return String(decoding: data, as: UTF8.self) + "\n"
    }
  }
}

extension ValidationReport {
  /// `{"coco_keypoints": {"AP": …}, …}`; figures that are not numbers are null.
  public var jsonObject: [String: Any] {
    Dictionary(metrics.map { ($0.name, Self.object($0.values)) }) { first, _ in first }
  }

  private static func object(_ values: [MetricValue]) -> [String: Any] {
    Dictionary(values.map { ($0.name, $0.value.isFinite ? $0.value as Any : NSNull()) }) { first, _ in first }
  }
}
