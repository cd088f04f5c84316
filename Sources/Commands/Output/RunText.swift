internal import Foundation
internal import PoseLab
internal import Sweeps

/// Runs and their differences as people read them.
enum RunText {
  static func text(_ run: RunResult, artefacts: [(path: String, bytes: Int)]) -> String {
    var lines = ["\(run.variant), seed \(run.seed): \(run.state.words)\(run.reason.map { " (\($0))" } ?? "")"]
    lines.append("folder   \(RunArchive.shortened(run.directory))")
    lines.append("again    \(run.command)")
    for choice in run.choices { lines.append("axis     \(choice.axis) = \(choice.level)") }
    if let parameters = run.cost.parameters {
      lines.append("size     \(Figures.grouped(parameters)) parameters")
    }
    if let gigaflops = run.cost.gigaflops {
      lines.append("work     \(String(format: "%.2f", gigaflops)) GFLOPs")
    }
    if let latency = run.cost.latency {
      lines.append("speed    \(String(format: "%.2f", latency)) ms an image")
    }
    if let seconds = run.cost.trainingSeconds { lines.append("training \(SweepTable.duration(seconds))") }
    lines.append("epochs   \(run.epochs.count)")
    if !run.figures.isEmpty {
      var table = TextTable(["metric", "figure", ">value"], indent: "  ")
      for figure in run.figures { table.add(figure.metric, figure.name, Figures.figure(figure.value)) }
      lines.append(table.text)
    }
    if !artefacts.isEmpty {
      var table = TextTable(["file", ">bytes"], indent: "  ")
      for file in artefacts { table.add(file.path, Figures.grouped(file.bytes)) }
      lines.append(table.text)
    }
    return lines.joined(separator: "\n")
  }

  static func text(_ difference: RunDifference, _ a: RunResult, _ b: RunResult) -> String {
    let names = [a, b].map { RunArchive.shortened($0.directory) }
    var sections: [String] = []
    for (title, entries) in [("spec", difference.spec), ("environment", difference.environment)]
    where !entries.isEmpty {
      var table = TextTable([title] + names)
      for entry in entries { table.add(entry.name, entry.first ?? "-", entry.second ?? "-") }
      sections.append(table.text)
    }
    if !difference.figures.isEmpty {
      var table = TextTable(["results", ">" + names[0], ">" + names[1], ">difference"])
      for figure in difference.figures {
        let change = figure.first.flatMap { first in figure.second.map { $0 - first } }
        table.add(
          figure.name, Figures.figure(figure.first), Figures.figure(figure.second),
          change.map { String(format: "%+.4f", $0) } ?? "")
      }
      sections.append(table.text)
    }
    return sections.isEmpty ? "no difference" : sections.joined(separator: "\n\n")
  }
}

extension RunDifference {
  /// One JSON object.
  var document: JSONText {
    func entries(_ list: [Entry]) -> JSONText {
      .object(
        list.map { entry in
          (entry.name, .array([entry.first, entry.second].map { $0.map { .string($0) } ?? .null }))
        })
    }
    return .object([
      ("spec", entries(spec)), ("environment", entries(environment)),
      (
        "figures",
        .object(
          figures.map { figure in
            (figure.name, .array([figure.first, figure.second].map { $0.map { .number($0) } ?? .null }))
          })
      ),
    ])
  }
}
