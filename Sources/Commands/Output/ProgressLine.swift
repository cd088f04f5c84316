internal import Training

/// A counter that is rewritten in place on a terminal and silent elsewhere.
final class ProgressLine {
  private let title: String
  private let total: Int
  private var shown = ContinuousClock.now - .seconds(1)
  private var isOpen = false

  init(_ title: String, total: Int) {
    self.title = title
    self.total = total
  }

  func show(_ done: Int) {
    let now = ContinuousClock.now
    guard Console.isTerminal, done == total || now - shown > .milliseconds(100) else { return }
    shown = now
    isOpen = true
    Console.raw("\r\(title) \(done)/\(total)\u{1B}[K")
  }

  /// Takes the line away.
  func close() {
    if isOpen { Console.raw("\r\u{1B}[K") }
    isOpen = false
  }
}
