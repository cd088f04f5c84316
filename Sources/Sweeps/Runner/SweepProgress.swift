/// Where a sweep stands, for tables and logs.
public struct SweepProgress: Sendable {
  /// One run.
  public struct Row: Sendable, Equatable {
    public var variant: String
    public var seed: UInt64
    public var state: RunState
    public var reason: String?
    /// Epochs that are done, and those it is to have.
    public var epoch: Int
    public var epochs: Int
    /// The latest pose mAP50-95 of the validations between epochs, or the deciding figure once it is known.
    public var figure: Double?
    /// Seconds until its end, by the epochs so far.
    public var timeLeft: Double?
    public var directory: String
    public var log: String
  }

  public var rows: [Row]
  /// Seconds until the end of the sweep; nil while nothing is known.
  public var timeLeft: Double?

  public func count(_ state: RunState) -> Int { rows.count { $0.state == state } }
}

/// What a runner tells.
public enum SweepEvent: Sendable {
  /// Something the user should know.
  case note(String)
  /// A run has begun, gone on, or come to an end.
  case changed(SweepProgress.Row)
  /// Several times a second.
  case progress(SweepProgress)
}
