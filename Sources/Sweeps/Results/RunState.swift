/// How far a run of a sweep has come.
public enum RunState: String, Sendable, Codable, CaseIterable {
  /// Not begun.
  case pending
  /// Being trained, by this process or another.
  case running
  /// Begun and not finished: asked to stop, or killed. It goes on from its checkpoint.
  case interrupted
  case finished
  /// Ended with an error.
  case failed
  /// Took longer than its limit, or gave no sign of life.
  case timedOut = "timed_out"
  /// Weaker than the others of its rung; not worth more of the budget.
  case stopped

  /// Whether the sweep has nothing more to do for it.
  public var isFinal: Bool {
    switch self {
    case .pending, .running, .interrupted: false
    case .finished, .failed, .timedOut, .stopped: true
    }
  }
}
