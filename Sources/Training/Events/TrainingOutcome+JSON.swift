internal import Data
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
      if let selection = report?.selection { fields["images"] = selection.jsonObject }
      return try text(fields)
    }
  }
}

/// A JSON object over many lines, keys sorted.
private func text(_ fields: [String: Any]) throws -> String {
  let data = try JSONSerialization.data(
    withJSONObject: fields, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
  return String(decoding: data, as: UTF8.self) + "\n"
}

extension ValidationReport {
  /// Every metric as one JSON object, and under `images` which images they are of.
  public var json: String {
    get throws {
      var fields = jsonObject
      if let selection { fields["images"] = selection.jsonObject }
      return try text(fields)
    }
  }

  /// `{"coco_keypoints": {"AP": …}, "pck": {"PCK@0.05": …, "keypoints": {"nose": {…}}}, …}`; figures that are not
  /// numbers are null.
  public var jsonObject: [String: Any] {
    Dictionary(metrics.map { ($0.name, $0.jsonObject) }) { $0.merging($1) { first, _ in first } }
  }
}

extension MetricReport {
  fileprivate var jsonObject: [String: Any] {
    func object(_ names: [String], _ values: [Double]) -> [String: Any] {
      Dictionary(zip(names, values).map { ($0, $1.isFinite ? $1 as Any : NSNull()) }) { first, _ in first }
    }
    var fields = object(values.map(\.name), values.map(\.value))
    for table in tables {
      let names = table.columns.map(\.name)
      fields[table.name] = Dictionary(table.rows.map { ($0.name, object(names, $0.values)) }) { first, _ in
        first
      }
    }
    return fields
  }
}

extension ImageSelection {
  fileprivate var jsonObject: [String: Any] {
    ["selection": kind.rawValue, "counted": counted, "listed": listed, "with_keypoints": labelled]
  }
}
