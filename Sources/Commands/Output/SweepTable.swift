internal import Foundation
internal import Sweeps
internal import Training

/// Shows a sweep at work: a table that stays in its place in a terminal, a line for each change elsewhere.
final class SweepTable {
  private let isTerminal: Bool
  private let columns: Int
  private let write: (String) -> Void
  private var drawnLines = 0
  private var lastDrawn = ContinuousClock.now - .seconds(10)
  private var last: SweepProgress?

  init(isTerminal: Bool, columns: Int, write: @escaping (String) -> Void) {
    self.isTerminal = isTerminal
    self.columns = columns
    self.write = write
  }

  func handle(_ event: SweepEvent) {
    switch event {
    case .note(let text): print("note: " + text)
    case .changed(let row): if !isTerminal { print(Self.line(row)) }
    case .progress(let progress):
      last = progress
      guard isTerminal, ContinuousClock.now - lastDrawn > .milliseconds(500) else { return }
      draw(progress)
    }
  }

  /// Leaves the table as it stands.
  func close() {
    if isTerminal, let last { draw(last) }
    drawnLines = 0
  }

  private func print(_ text: String) {
    erase()
    write(text + "\n")
    if isTerminal, let last { draw(last) }
  }

  private func erase() {
    if drawnLines > 0 { write("\u{1B}[\(drawnLines)A\u{1B}[J") }
    drawnLines = 0
  }

  private func draw(_ progress: SweepProgress) {
    erase()
    lastDrawn = .now
    let lines = Self.lines(progress, limit: 24).map { String($0.prefix(max(20, columns - 1))) }
    write(lines.joined(separator: "\n") + "\n")
    drawnLines = lines.count
  }

  /// The table; of many runs those that matter now.
  static func lines(_ progress: SweepProgress, limit: Int) -> [String] {
    var rows = progress.rows
    var hidden = 0
    if rows.count > limit {
      let isShown = { (row: SweepProgress.Row) in row.state == .running || row.state == .failed }
      let chosen = rows.filter(isShown) + rows.filter { !isShown($0) && !$0.state.isFinal }
      hidden = rows.count - min(limit, chosen.count)
      rows = Array(chosen.prefix(limit))
    }
    var table = TextTable(["variant", ">seed", "state", ">epoch", ">pose", ">left"])
    for row in rows {
      table.add(
        row.variant, "\(row.seed)", state(row), "\(row.epoch)/\(row.epochs)",
        row.figure.map { String(format: "%.4f", $0) } ?? "",
        row.state == .running ? row.timeLeft.map(duration) ?? "" : "")
    }
    let done = progress.rows.count { $0.state.isFinal }
    var summary = "\(done) of \(progress.rows.count) runs done"
    for state in [RunState.failed, .timedOut, .stopped] where progress.count(state) > 0 {
      summary += ", \(progress.count(state)) \(state.words)"
    }
    if hidden > 0 { summary += "; \(hidden) not shown" }
    if done < progress.rows.count, let left = progress.timeLeft {
      summary += "; about \(duration(left)) left"
    }
    return table.text.split(separator: "\n").map(String.init) + [summary]
  }

  static func line(_ row: SweepProgress.Row) -> String {
    var text = "\(row.variant), seed \(row.seed): \(row.state.words)"
    if row.epoch > 0 { text += " at epoch \(row.epoch) of \(row.epochs)" }
    if row.state == .finished, let figure = row.figure { text += ", \(String(format: "%.4f", figure))" }
    if let reason = row.reason { text += " (\(reason))" }
    if row.state == .failed || row.state == .timedOut { text += "; log: \(row.log)" }
    return text
  }

  private static func state(_ row: SweepProgress.Row) -> String {
    row.reason.map { "\(row.state.words): \($0.prefix(60))" } ?? row.state.words
  }

  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let total = Int(seconds.rounded())
    let minutes = total / 60
    if minutes >= 60 { return "\(minutes / 60) h \(minutes % 60) min" }
    return minutes > 0 ? "\(minutes) min \(total % 60) s" : "\(total) s"
  }
}

extension RunState {
  /// As people read it.
  var words: String { self == .timedOut ? "timed out" : rawValue }
}
