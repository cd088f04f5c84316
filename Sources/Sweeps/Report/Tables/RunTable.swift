internal import Foundation

/// `results.csv`: a row a run, with every figure and cost at full precision.
struct RunTable: Sendable {
  let results: SweepResults

  /// RFC 4180, lines ending in LF.
  var csv: String {
    var axes: [String] = results.axes.map(\.name)
    var figures: [String] = []
    var seen = Set<String>()
    for run in results.runs {
      for choice in run.choices where !axes.contains(choice.axis) { axes.append(choice.axis) }
      for figure in run.figures where seen.insert("\(figure.metric)/\(figure.name)").inserted {
        figures.append("\(figure.metric)/\(figure.name)")
      }
    }
    let head =
      ["variant", "seed", "state", "reason", "id"] + axes.map { "axis:" + $0 } + figures
      + ["parameters", "gflops", "latency_ms", "training_s", "epochs", "directory", "command"]
    var lines = [head]
    for run in results.runs {
      var values: [String: Double] = [:]
      for figure in run.figures where values["\(figure.metric)/\(figure.name)"] == nil {
        values["\(figure.metric)/\(figure.name)"] = figure.value
      }
      var line = [run.variant, String(run.seed), run.state.rawValue, run.reason ?? "", run.id]
      line += axes.map { axis in run.choices.first { $0.axis == axis }?.level ?? "" }
      line += figures.map { ReportNumber.exact(values[$0]) }
      line += [
        run.cost.parameters.map(String.init) ?? "", ReportNumber.exact(run.cost.gigaflops),
        ReportNumber.exact(run.cost.latency), ReportNumber.exact(run.cost.trainingSeconds),
        String(run.epochs.count), run.directory, run.command,
      ]
      lines.append(line)
    }
    return lines.map { $0.map(Self.field).joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  private static func field(_ text: String) -> String {
    let needsQuotes = text.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
    return needsQuotes ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
  }
}
