internal import Foundation
internal import Sweeps

extension SweepAnalysis {
  /// What decides, variant by variant.
  func table(of results: SweepResults) -> String {
    let hasDifferences = variants.contains { $0.difference != nil }
    var table = TextTable(
      ["variant", ">seeds", ">\(results.figure)"] + (hasDifferences ? [">difference", ">95 % CI", ">p"] : []))
    for variant in variants {
      let own = variant.figures[results.figure]
      var text = Figures.figure(own?.mean)
      if let deviation = own?.deviation { text += " ± " + Figures.four(deviation) }
      var row = [variant.name, "\(own?.count ?? 0)", text]
      if hasDifferences {
        let difference = variant.difference
        row += [
          difference.map { Self.signed($0.estimate) } ?? "",
          difference?.interval.map { "[\(Self.signed($0.low)), \(Self.signed($0.high))]" } ?? "",
          difference.map { Figures.decimal($0.correctedPValue, places: 3) } ?? "",
        ]
      }
      table.rows.append(row)
    }
    return table.text
  }

  private static func signed(_ value: Double) -> String { String(format: "%+.4f", value) }

  /// One JSON object.
  func document(of results: SweepResults, files: [String]) -> JSONText {
    .object([
      ("name", .string(results.name)), ("mode", .string(results.mode)), ("figure", .string(results.figure)),
      ("baseline", .string(results.baseline)), ("images", .int(imageCount)),
      ("files", .array(files.map { .string($0) })), ("notes", .array(notes.map { .string($0) })),
      ("variants", .array(variants.map(\.document))),
    ])
  }
}

extension SweepAnalysis.Variant {
  /// One JSON object; deviations of one seed, and what is not known, are null.
  fileprivate var document: JSONText {
    func number(_ value: Double?) -> JSONText { value.map { .number($0) } ?? .null }
    var summaries: [(String, JSONText)] = []
    for (name, summary) in figures.sorted(by: { $0.key < $1.key }) {
      summaries.append(
        (
          name,
          .object([
            ("mean", .number(summary.mean)), ("deviation", number(summary.deviation)),
            ("seeds", .int(summary.count)),
          ])
        ))
    }
    var comparison = JSONText.null
    if let difference {
      comparison = .object([
        ("estimate", .number(difference.estimate)),
        ("interval", difference.interval.map { .array([.number($0.low), .number($0.high)]) } ?? .null),
        ("p", .number(difference.test.pValue)), ("p_holm", .number(difference.correctedPValue)),
      ])
    }
    return .object([
      ("variant", .string(name)),
      ("changes", .object(changes.map { ($0.axis, .string($0.level)) })),
      ("runs", .int(runs.count)), ("finished", .int(finished.count)), ("figures", .object(summaries)),
      ("parameters", number(cost.parameters)), ("gflops", number(cost.gigaflops)),
      ("latency_ms", number(cost.latency)), ("training_seconds", number(cost.trainingSeconds)),
      ("difference", comparison),
    ])
  }
}
