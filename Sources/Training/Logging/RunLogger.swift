public import PoseCore

/// Keeps what happens in a run somewhere: in event files, on a server. A component of the kind `logger`; an experiment
/// names those it wants under `log.loggers`.
///
/// All methods are called from the thread that trains, in the order of the run, so whatever is slow has to be done
/// elsewhere. What they throw becomes a warning: a log never ends a run.
public protocol RunLogger: AnyObject {
  /// A run begins, or goes on; comes first.
  func start(_ run: LoggedRun) throws

  /// An epoch is done. A run that was killed may do its last epoch once more, with the same figures.
  func log(_ record: EpochRecord) throws

  /// A picture has been drawn.
  func log(_ picture: LoggedPicture) throws

  /// The run ends here; comes last. What is still under way should be brought to its end, or given up in bounded time.
  func finish(_ ending: LoggedEnding) throws

  /// What went wrong elsewhere since it was asked last, each a sentence.
  func takeWarnings() -> [String]
}

extension RunLogger {
  public func start(_ run: LoggedRun) throws {}
  public func log(_ record: EpochRecord) throws {}
  public func log(_ picture: LoggedPicture) throws {}
  public func finish(_ ending: LoggedEnding) throws {}
  public func takeWarnings() -> [String] { [] }
}

/// A run as loggers see it when it begins.
public struct LoggedRun: Sendable {
  public var summary: RunSummary
  /// The resolved experiment, as YAML.
  public var spec: String
  /// Every value of the spec by its dotted path, in the spec's order: `train.epochs`, `3`.
  public var settings: [(path: String, value: String)]
  public var model: LoggedGraph
  /// The epochs that were done before, where the run goes on; the log may know them or not.
  public var history: [EpochRecord]

  public init(
    summary: RunSummary, spec: String, settings: [(path: String, value: String)], model: LoggedGraph,
    history: [EpochRecord]
  ) {
    self.summary = summary
    self.spec = spec
    self.settings = settings
    self.model = model
    self.history = history
  }

  /// The run's folder.
  public var directory: String { summary.directory }
  /// Whether it goes on from a checkpoint.
  public var isResumed: Bool { summary.resumedAt != nil }
}

/// A picture of a run: training batches, predictions, curves.
public struct LoggedPicture: Sendable {
  /// The file's name without its extension: `val_batch0_pred`.
  public var name: String
  /// A JPEG or PNG file.
  public var path: String
  /// The epoch it belongs to, counted from 1; 0 before the first.
  public var epoch: Int

  public init(name: String, path: String, epoch: Int) {
    self.name = name
    self.path = path
    self.epoch = epoch
  }
}

/// How a run ends, as loggers see it.
public enum LoggedEnding: Sendable {
  case ended(TrainingOutcome)
  /// Something was thrown; the text says what.
  case failed(String)
}

/// The layers of a model and what flows between them.
public struct LoggedGraph: Sendable {
  public struct Node: Sendable {
    /// Unique: `model/4/C3k2`.
    public var name: String
    /// The registered name.
    public var kind: String
    /// Names of the nodes it takes from.
    public var inputs: [String]
    /// `[height, width, channels]` of each map it gives.
    public var outputShapes: [[Int]]
    public var parameterCount: Int
    /// Its arguments on one line.
    public var arguments: String

    public init(
      name: String, kind: String, inputs: [String], outputShapes: [[Int]], parameterCount: Int,
      arguments: String
    ) {
      self.name = name
      self.kind = kind
      self.inputs = inputs
      self.outputShapes = outputShapes
      self.parameterCount = parameterCount
      self.arguments = arguments
    }
  }

  public var nodes: [Node]

  public init(nodes: [Node]) { self.nodes = nodes }
}

extension Registry {
  public var loggers: ComponentTable<Void, any RunLogger> {
    get { self["logger"] }
    set { self["logger"] = newValue }
  }
}
