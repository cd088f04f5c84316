internal import Foundation
internal import Sweeps

extension SweepPlan {
  /// The plan as a table.
  var table: String {
    var table = TextTable(["variant", ">seeds", ">epochs", ">parameters", ">GFLOPs", ">time", "differs in"])
    var seen: Set<String> = []
    for run in runs where seen.insert(run.variant).inserted {
      let mine = runs.filter { $0.variant == run.variant }
      table.add(
        run.variant, "\(mine.count)", "\(run.epochs)", run.cost.parameters.map(Figures.grouped) ?? "",
        run.cost.gigaflops.map { String(format: "%.2f", $0) } ?? "",
        run.cost.trainingSeconds.map(SweepTable.duration) ?? "", run.differences.joined(separator: " "))
    }
    var text = table.text + "\n\(runs.count) runs, \(epochs) epochs, compared by \(spec.figure)"
    if let seconds = estimatedSeconds { text += "; about \(SweepTable.duration(seconds)) one after another" }
    return text
  }

  /// One JSON object.
  var document: JSONText {
    .object([
      ("name", .string(spec.name)), ("mode", .string(spec.mode.rawValue)), ("baseline", .string(baseline)),
      ("figure", .string(spec.figure)), ("epochs", .int(epochs)),
      ("estimated_seconds", estimatedSeconds.map { .number($0) } ?? .null),
      ("notes", .array(notes.map { .string($0) })),
      (
        "runs",
        .array(
          runs.map { run in
            .object([
              ("id", .string(run.id)), ("variant", .string(run.variant)),
              ("seed", .int(Int(clamping: run.seed))),
              ("epochs", .int(run.epochs)), ("differences", .array(run.differences.map { .string($0) })),
              ("parameters", run.cost.parameters.map { .int($0) } ?? .null),
              ("gflops", run.cost.gigaflops.map { .number($0) } ?? .null),
              ("estimated_seconds", run.cost.trainingSeconds.map { .number($0) } ?? .null),
            ])
          })
      ),
    ])
  }
}

extension SweepResults {
  /// Runs with their deciding figure.
  var table: String {
    var table = TextTable(["variant", ">seed", "state", ">epochs", ">\(figure)"])
    for run in runs {
      table.add(
        run.variant, "\(run.seed)", run.state.words + (run.reason.map { ": \($0)" } ?? ""),
        "\(run.epochs.count)",
        run[figure: figure].map { String(format: "%.4f", $0) } ?? "")
    }
    return table.text
  }

  /// One JSON object.
  var document: JSONText {
    .object([
      ("name", .string(name)), ("mode", .string(mode)), ("baseline", .string(baseline)),
      ("figure", .string(figure)), ("runs", .array(runs.map(\.document))),
    ])
  }
}

extension RunResult {
  /// One JSON object; without epochs and images.
  var document: JSONText {
    .object([
      ("id", .string(id)), ("variant", .string(variant)), ("seed", .int(Int(clamping: seed))),
      ("choices", .object(choices.map { ($0.axis, .string($0.level)) })),
      ("state", .string(state.rawValue)), ("reason", reason.map { .string($0) } ?? .null),
      ("directory", .string(directory)), ("command", .string(command)), ("epochs", .int(epochs.count)),
      ("parameters", cost.parameters.map { .int($0) } ?? .null),
      ("gflops", cost.gigaflops.map { .number($0) } ?? .null),
      ("latency_ms", cost.latency.map { .number($0) } ?? .null),
      ("training_seconds", cost.trainingSeconds.map { .number($0) } ?? .null),
      ("figures", .object(figures.map { ("\($0.metric)/\($0.name)", .number($0.value)) })),
    ])
  }
}
