internal import Foundation
internal import Imaging

/// The epochs of a run as tables: `results.csv` with the columns of YOLO tools, `metrics.jsonl` at full precision.
public struct ResultsTable: Sendable {
  public var records: [EpochRecord]

  public init(_ records: [EpochRecord]) { self.records = records }

  /// Names of all columns that any epoch has, in order.
  private var names: [String] {
    // An epoch that was validated has them all.
    let widest = records.max { $0.columns.count < $1.columns.count }?.columns.map(\.name) ?? []
    var seen = Set(widest)
    return widest + records.flatMap { $0.columns.map(\.name) }.filter { seen.insert($0).inserted }
  }

  /// A line an epoch; empty fields where an epoch lacks a figure.
  public var csv: String {
    let names = names
    var lines = [(["epoch", "time"] + names).joined(separator: ",")]
    for record in records {
      let values = Dictionary(record.columns.map { ($0.name, $0.value) }) { first, _ in first }
      let fields = names.map { name in values[name].map { Self.short($0) } ?? "" }
      lines.append(([String(record.epoch), Self.short(record.seconds)] + fields).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One JSON object a line.
  public var jsonLines: String {
    records.map { record in
      var fields = ["\"epoch\":\(record.epoch)", "\"time\":\(Self.json(record.seconds))"]
      fields += record.columns.map { "\"\($0.name)\":\(Self.json($0.value))" }
      if let fitness = record.fitness { fields.append("\"fitness\":\(Self.json(fitness))") }
      fields.append("\"images_per_second\":\(Self.json(record.imagesPerSecond))")
      fields.append("\"best\":\(record.isBest)")
      return "{" + fields.joined(separator: ",") + "}\n"
    }.joined()
  }

  /// A curve for each column but the learning rates.
  var curves: [TrainingCurve] {
    names.filter { !$0.hasPrefix("lr/") }.map { name in
      TrainingCurve(
        name, values: records.map { record in record.columns.first { $0.name == name }?.value ?? .nan },
        epochs: records.map { Double($0.epoch) })
    }
  }

  /// Six significant digits.
  private static func short(_ value: Double) -> String { String(format: "%.6g", value) }

  private static func json(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }
}
