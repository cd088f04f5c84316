internal import Foundation
internal import Pages

extension AblationTable {
  /// GitHub's Markdown.
  var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    var lines = [
      line(
        columns.map { Self.markdown($0.title) + ($0.unit.isEmpty ? "" : " (\(Self.markdown($0.unit)))") }),
      line(columns.map { $0.isNumber ? "---:" : "---" }),
    ]
    for row in rows {
      lines.append(
        line(
          row.cells.enumerated().map { index, cell in
            let text = Self.markdown(cell)
            return row.best.contains(index) ? "**\(text)**" : text
          }))
    }
    for note in notes { lines += ["", Self.markdown(note)] }
    if !losses.isEmpty {
      lines += ["", "Runs without a result:", ""]
      for loss in losses {
        let reason = loss.reason.isEmpty ? "" : ": " + Self.markdown(loss.reason)
        lines.append("- \(Self.markdown(loss.variant)), seed \(loss.seed): \(loss.state.words)\(reason)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// On one line, with nothing that Markdown or HTML would read as a sign of its own.
  private static func markdown(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "|", "*", "_", "`", "[", "]", "~", "#", "$": result += "\\\(character)"
      case _ where character.isNewline: result += " "
      default: result.append(character)
      }
    }
    return result
  }
}

extension RunState {
  /// For readers.
  var words: String {
    switch self {
    case .pending: "not begun"
    case .running: "still running"
    case .interrupted: "interrupted"
    case .finished: "finished"
    case .failed: "failed"
    case .timedOut: "timed out"
    case .stopped: "stopped early"
    }
  }
}
