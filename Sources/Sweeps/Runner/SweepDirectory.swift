internal import Config
internal import FileSystem
internal import Foundation
internal import PoseCore
internal import Training

/// The folder of a sweep; whoever has it open is the only one who runs it.
///
/// ```
/// runs/sweeps/NAME/
///   sweep.yaml  sweep.json
///   specs/RUN.yaml  logs/RUN.log
///   RUN/ …
/// ```
public final class SweepDirectory: Sendable {
  public let path: String
  private let lock: FileLock

  /// Threads that the runs compute with: some engines' last bits depend on them, so they stay as they were.
  struct Machine: Codable, Equatable {
    var threads: Int
  }

  /// Makes or opens the folder.
  ///
  /// - Throws: `SweepError.inUse` while another process runs the sweep, `SweepError.folder` if it cannot be written.
  public init(_ path: String) throws {
    self.path = path
    do {
      for folder in ["", "/specs", "/logs"] {
        try FileManager.default.createDirectory(atPath: path + folder, withIntermediateDirectories: true)
      }
      lock = try FileLock(path + "/.lock")
    } catch let held as FileLock.Held {
      throw SweepError.inUse(path, process: held.process)
    } catch let error
      where (error as? FileError)?.isDiskFull ?? false || (error as? CocoaError)?.code == .fileWriteOutOfSpace
    {
      throw SweepError.diskFull(path)
    } catch {
      throw SweepError.folder(
        path, reason: "\((error as? FileError)?.description ?? error.localizedDescription)")
    }
    for folder in ["", "/specs"] { Self.removePartials(in: path + folder) }
  }

  func folder(of run: SweepPlan.Run) -> String { path + "/" + run.folder }
  func log(of run: SweepPlan.Run) -> String { path + "/logs/" + run.folder + ".log" }
  func specFile(of run: SweepPlan.Run) -> String { path + "/specs/" + run.folder + ".yaml" }

  /// Whether the run has come to its own end.
  func isFinished(_ run: SweepPlan.Run) -> Bool {
    FileManager.default.fileExists(atPath: folder(of: run) + "/" + RunDirectory.summaryName)
  }

  /// Whether the run can go on from a checkpoint.
  func isResumable(_ run: SweepPlan.Run) -> Bool {
    FileManager.default.fileExists(atPath: folder(of: run) + "/weights/last.safetensors")
  }

  /// The process that works on the run though this runner did not start it: left behind by one that was killed.
  func stranger(on run: SweepPlan.Run) -> (isThere: Bool, process: Int?) {
    if let process = LogLock.holder(of: folder(of: run) + "/.lock") {
      return (true, process > 1 ? process : nil)
    }
    // A process that has not come as far as its folder.
    return (LogLock.isTaken(log(of: run)), nil)
  }

  /// Removes what killed processes have left half-written in the folder of a run, unless someone works there.
  func clean(_ run: SweepPlan.Run) {
    guard !stranger(on: run).isThere else { return }
    for folder in ["", "/weights"] { Self.removePartials(in: self.folder(of: run) + folder) }
  }

  /// For folders that this process alone writes to: a writer that was just killed may still count as a process.
  private static func removePartials(in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(".") && name.hasSuffix(".partial") {
      try? FileManager.default.removeItem(atPath: folder + "/" + name)
    }
  }

  /// Writes the ablation, for the record, and what each run is started with.
  func writeSpecs(_ plan: SweepPlan, threads: Int, registry: Registry) throws {
    try AtomicFile.write(plan.document, to: path + "/sweep.yaml", durable: false)
    for run in plan.runs {
      var spec = run.spec
      spec.options.run.project = path
      spec.options.run.name = run.folder
      spec.options.run.existOK = false
      spec.options.execution.threads = threads
      let text = YAMLWriter().text(spec.resolved(registry))
      try AtomicFile.write(text, to: specFile(of: run), durable: false)
    }
  }

  /// The machine's share that the sweep began with; `wanted` if it begins now.
  func machine(wanted: Machine) throws -> Machine {
    let file = path + "/sweep.json"
    if let data = FileManager.default.contents(atPath: file) {
      return try JSONDecoder().decode(Machine.self, from: data)
    }
    try AtomicFile.write(String(decoding: try JSONEncoder().encode(wanted), as: UTF8.self) + "\n", to: file)
    return wanted
  }
}

/// Why a sweep cannot be run.
public enum SweepError: Error, Sendable, Equatable, CustomStringConvertible {
  case inUse(String, process: Int?)
  /// A process that another runner left behind still writes this log.
  case runInUse(String)
  case folder(String, reason: String)
  /// The disk is full; what is finished is whole.
  case diskFull(String)

  public var description: String {
    switch self {
    case .inUse(let path, let process):
      "\(path): another process\(process.map { " (\($0))" } ?? "") runs this sweep; wait for it, or take another name"
    case .runInUse(let log): "\(log): another process still writes this log; wait for it to end"
    case .folder(let path, let reason): "\(path): cannot keep a sweep here: \(reason)"
    case .diskFull(let path):
      "\(path): the disk is full; the sweep has stopped. What is finished is whole: free some space and run it again."
    }
  }
}
