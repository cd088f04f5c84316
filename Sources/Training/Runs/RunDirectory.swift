public import FileSystem
internal import Foundation

/// The folder of one run; whoever has it open is the only one who writes there.
///
/// ```
/// runs/pose/train-2/
///   experiment.yaml  environment.json  results.csv  metrics.jsonl
///   weights/last.safetensors  weights/best.safetensors
///   train_batch0.jpg …  results.png  PosePR_curve.png …
/// ```
public final class RunDirectory: Sendable {
  public let path: String
  private let lock: FileLock

  /// Makes a new folder `project/name`, or with the next free number: `name-2`, `name-3` …
  ///
  /// - Parameters:
  ///   - existOK: take the folder `name` also if it is there.
  ///   - keepsWeights: whether there will be checkpoints in it.
  public static func create(
    project: String, name: String, existOK: Bool = false, keepsWeights: Bool = true
  ) throws -> RunDirectory {
    do {
      try FileManager.default.createDirectory(atPath: project, withIntermediateDirectories: true)
    } catch {
      throw RunError.folder(project, reason: error.localizedDescription)
    }
    for number in 1...100_000 {
      let path = project + "/" + (number == 1 ? name : "\(name)-\(number)")
      if mkdir(path, 0o777) == 0 { return try RunDirectory(path, keepsWeights: keepsWeights) }
      guard errno == EEXIST else { throw RunError.folder(path, reason: String(cString: strerror(errno))) }
      if existOK { return try RunDirectory(path, keepsWeights: keepsWeights) }
    }
    throw RunError.folder(project + "/" + name, reason: "100,000 runs of this name are there")
  }

  /// Opens a run to continue it.
  ///
  /// - Parameter path: the run's folder, or its `last.safetensors`.
  public static func resume(_ path: String) throws -> RunDirectory {
    let folder = folder(of: path)
    guard FileManager.default.fileExists(atPath: folder + "/weights/last.safetensors") else {
      throw RunError.nothingToResume(folder)
    }
    return try RunDirectory(folder, keepsWeights: true)
  }

  /// The run's folder.
  ///
  /// - Parameter path: the folder itself, or a checkpoint in it.
  public static func folder(of path: String) -> String {
    var folder = path
    if path.hasSuffix(".safetensors") {
      folder = (path as NSString).deletingLastPathComponent
      if (folder as NSString).lastPathComponent == "weights" {
        folder = (folder as NSString).deletingLastPathComponent
      }
      if folder.isEmpty { folder = "." }
    }
    return folder
  }

  private init(_ path: String, keepsWeights: Bool) throws {
    self.path = path
    do {
      lock = try FileLock(path + "/.lock")
    } catch let held as FileLock.Held {
      throw RunError.inUse(path, process: held.process)
    }
    if keepsWeights && mkdir(path + "/weights", 0o777) != 0 && errno != EEXIST {
      throw RunError.folder(path + "/weights", reason: String(cString: strerror(errno)))
    }
    AtomicFile.removeLeftovers(in: path)
    AtomicFile.removeLeftovers(in: path + "/weights")
  }

  public var lastCheckpoint: String { path + "/weights/last.safetensors" }
  public var bestCheckpoint: String { path + "/weights/best.safetensors" }

  /// The checkpoint of one epoch, counted from 1.
  public func checkpoint(epoch: Int) -> String { path + "/weights/epoch\(epoch).safetensors" }

  /// Written when a run has ended by itself.
  public static let summaryName = "summary.json"

  public var isFinished: Bool { FileManager.default.fileExists(atPath: file(Self.summaryName)) }

  public func file(_ name: String) -> String { path + "/" + name }

  public func write(_ text: String, to name: String, durable: Bool = true) throws(FileError) {
    try AtomicFile.write(text, to: file(name), durable: durable)
  }

  public func write(_ bytes: [UInt8], to name: String, durable: Bool = false) throws(FileError) {
    try AtomicFile.write(bytes, to: file(name), durable: durable)
  }
}
