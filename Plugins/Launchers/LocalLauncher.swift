internal import Foundation
internal import PoseCore
public import Sweeps

/// Runs jobs as processes of this machine, whose cores they share.
public final class LocalLauncher: Launcher {
  public let capacity: Int
  public let threadsPerJob: Int

  /// - Parameters:
  ///   - jobs: processes at once.
  ///   - threads: of each; nil gives each an equal share of the cores.
  public init(jobs: Int = 1, threads: Int? = nil) {
    capacity = max(1, jobs)
    threadsPerJob = threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount / max(1, jobs))
  }

  public func start(_ job: LaunchRequest) throws -> any LaunchedJob {
    if !FileManager.default.fileExists(atPath: job.log) {
      guard FileManager.default.createFile(atPath: job.log, contents: nil) else {
        throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: job.log])
      }
    }
    guard let log = FileHandle(forWritingAtPath: job.log) else {
      throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: job.log])
    }
    defer { try? log.close() }
    try log.seekToEnd()
    // The process inherits the lock, so that another runner sees it before it has come as far as its own folder.
    guard LogLock.take(log.fileDescriptor) else { throw SweepError.runInUse(job.log) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: job.executable)
    process.arguments = job.arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = log
    process.standardError = log
    try process.run()
    return LocalJob(process)
  }
}

/// A process.
final class LocalJob: LaunchedJob {
  private let process: Process

  init(_ process: Process) { self.process = process }

  let isRunning = true

  func poll() -> JobEnding? {
    guard !process.isRunning else { return nil }
    return process.terminationReason == .uncaughtSignal
      ? .killed(signal: process.terminationStatus) : .exited(process.terminationStatus)
  }

  func stop(atOnce: Bool) {
    guard process.isRunning else { return }
    kill(process.processIdentifier, atOnce ? SIGKILL : SIGINT)
  }
}

extension LocalLauncher {
  static func register(in registry: inout Registry) throws {
    try registry.launchers.register(
      Component<LauncherContext, any Launcher>(
        "local", summary: "processes of this machine, which share its cores"
      ) { _, context in
        LocalLauncher(jobs: context.jobs ?? 1, threads: context.threads)
      })
  }
}
