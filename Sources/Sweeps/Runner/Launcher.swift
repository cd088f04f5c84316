public import PoseCore

/// Starts the runs of a sweep: on this machine, on a cluster. A kind of component, `launcher`.
public protocol Launcher: AnyObject {
  /// Jobs that may be under way at once.
  var capacity: Int { get }
  /// Threads that each job may compute with.
  var threadsPerJob: Int { get }

  /// - Throws: if the job cannot be started at all.
  func start(_ job: LaunchRequest) throws -> any LaunchedJob

  /// The job of this name that another runner started and that still waits or runs, for launchers whose jobs outlive
  /// the runner; nil where there is none.
  func adopt(_ job: LaunchRequest) throws -> (any LaunchedJob)?

  /// Comes after the starts of one round, for launchers that hand over several jobs at once.
  func submit() throws
}

extension Launcher {
  public func adopt(_ job: LaunchRequest) throws -> (any LaunchedJob)? { nil }
  public func submit() throws {}
}

/// A job that was handed to a launcher.
public protocol LaunchedJob: AnyObject {
  /// Nil while it waits or runs.
  func poll() throws -> JobEnding?

  /// Whether it has begun; jobs of a cluster may have to wait.
  var isRunning: Bool { get }

  /// Asks it to end after the step at hand, with a checkpoint; with `atOnce`, ends it.
  func stop(atOnce: Bool)
}

/// How a job came to its end.
public enum JobEnding: Sendable, Equatable {
  case exited(Int32)
  case killed(signal: Int32)
  /// It was taken away through no fault of its own, for this reason, and may be started again.
  case evicted(String)
  /// The launcher lost sight of it, or it could not run.
  case lost(String)
}

/// A process to be run.
public struct LaunchRequest: Sendable {
  /// For lists of jobs.
  public var name: String
  public var executable: String
  public var arguments: [String]
  /// Gets what the process prints, behind what is there.
  public var log: String
  /// Wall time after which the runner will end it, in minutes; nil for no limit.
  public var minutes: Double?

  public init(name: String, executable: String, arguments: [String], log: String, minutes: Double? = nil) {
    self.name = name
    self.executable = executable
    self.arguments = arguments
    self.log = log
    self.minutes = minutes
  }
}

/// What a launcher is built for.
public struct LauncherContext: Sendable {
  /// Jobs that the user wants at once; nil leaves it to the launcher.
  public var jobs: Int?
  /// Threads of each job; nil shares out the machine.
  public var threads: Int?
  /// The sweep's folder, for files of the launcher's own.
  public var directory: String

  public init(jobs: Int? = nil, threads: Int? = nil, directory: String) {
    self.jobs = jobs
    self.threads = threads
    self.directory = directory
  }
}

extension Registry {
  public var launchers: ComponentTable<LauncherContext, any Launcher> {
    get { self["launcher"] }
    set { self["launcher"] = newValue }
  }
}
