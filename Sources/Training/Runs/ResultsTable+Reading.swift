internal import Foundation

extension ResultsTable {
  /// Reads `metrics.jsonl`.
  public init(jsonLines text: String) throws {
    self.init(try text.split(separator: "\n").map { try Self.record(Data($0.utf8)) })
  }

  private static func record(_ line: Data) throws -> EpochRecord {
    guard let fields = try JSONSerialization.jsonObject(with: line) as? [String: Any] else {
      throw CocoaError(.fileReadCorruptFile)
    }
    func number(_ key: String) -> Double? { (fields[key] as? NSNumber)?.doubleValue }
    /// Figures whose column begins with `prefix`, which is taken off unless it is kept; NaN where it says null.
    func figures(_ prefix: String, keepsPrefix: Bool = false) -> [EpochRecord.Figure] {
      fields.keys.filter { $0.hasPrefix(prefix) }.sorted().map { key in
        EpochRecord.Figure(keepsPrefix ? key : String(key.dropFirst(prefix.count)), number(key) ?? .nan)
      }
    }
    return EpochRecord(
      epoch: number("epoch").flatMap(Int.init(exactly:)) ?? 0, seconds: number("time") ?? 0,
      trainLosses: figures("train/"), metrics: figures("metrics/", keepsPrefix: true),
      validationLosses: figures("val/"), learningRates: figures("lr/"), fitness: number("fitness"),
      imagesPerSecond: number("images_per_second") ?? 0, isBest: fields["best"] as? Bool ?? false)
  }
}
