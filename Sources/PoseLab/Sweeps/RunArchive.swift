internal import Config
internal import FileSystem
internal import Foundation
public import Sweeps
internal import Training

/// The runs that a database of results knows.
public struct RunArchive: Sendable {
  public let store: ResultStore

  /// - Parameter database: the file; it is made where it is missing.
  public init(_ database: String) throws {
    store = try ResultStore(Sweep.absolute(database))
  }

  /// All runs, or those whose folder lies under `prefix` or ends with it.
  public func runs(prefix: String? = nil) throws -> [RunResult] {
    let all = try store.runs(isWhole: false)
    guard let prefix else { return all }
    let path = Sweep.absolute(prefix)
    return all.filter { $0.directory.hasPrefix(path) || $0.directory.contains("/" + prefix + "/") }
  }

  /// The run that is meant by its folder, or the end or a part of its folder's name.
  ///
  /// - Throws: a `Diagnostic` where it is none, with the nearest name, or several.
  public func run(named name: String) throws -> RunResult {
    let path = Sweep.absolute(name)
    if let run = try store.run(in: path) { return run }
    let folders = try store.runs(isWhole: false).map(\.directory)
    let found = folders.filter { $0.hasSuffix("/" + name) }
    if found.count == 1, let run = try store.run(in: found[0]) { return run }
    let partly = folders.filter { ($0 as NSString).lastPathComponent.contains(name) }
    if found.isEmpty, partly.count == 1, let run = try store.run(in: partly[0]) { return run }
    let many = found.isEmpty ? partly : found
    if many.count > 1 {
      let names = many.prefix(6).map(Self.shortened).joined(separator: ", ")
      throw Diagnostic(.error, "'\(name)' may be any of \(names)\(many.count > 6 ? " …" : "")")
    }
    var hint = suggestion(for: name, among: folders.map { ($0 as NSString).lastPathComponent })
    if hint.isEmpty { hint = "; 'poselab runs list' shows them, 'poselab runs add' enters a folder" }
    throw Diagnostic(.error, "no run '\(name)' in \(Self.shortened(store.path))\(hint)")
  }

  /// Files that a run has written, with their sizes in bytes.
  public func artefacts(of run: RunResult) throws -> [(path: String, bytes: Int)] {
    try store.artefacts(of: run.directory)
  }

  /// Enters the run of a folder by itself.
  ///
  /// - Throws: where the folder holds no run.
  @discardableResult public func add(_ folder: String) throws -> RunResult {
    let path = Sweep.absolute(RunDirectory.folder(of: folder))
    guard FileManager.default.fileExists(atPath: path + "/experiment.yaml") else {
      throw Diagnostic(.error, "\(folder): this folder holds no run: there is no experiment.yaml")
    }
    let known = try store.run(in: path)
    let record = try RunRecord(folder: path)
    var run =
      known
      ?? RunResult(
        id: "", variant: (path as NSString).lastPathComponent, seed: Self.seed(record.spec), directory: path,
        command: "poselab train \(path)/experiment.yaml", spec: record.spec)
    run.state = record.ending == nil ? .interrupted : .finished
    run.epochs = record.epochs
    run.environment = record.environment
    run.images = record.images
    run.cost.trainingSeconds = record.seconds
    run.figures = record.metrics.flatMap { metric in
      metric.values.map { RunResult.Figure(metric: metric.metric, name: $0.name, value: $0.value) }
    }
    guard known == nil else { return run }
    try store.save(run)
    return run
  }

  /// - Parameter withFiles: deletes the run's folder, too.
  public func remove(_ run: RunResult, withFiles: Bool) throws {
    if withFiles, FileManager.default.fileExists(atPath: run.directory) {
      // Someone may be training there.
      do {
        _ = try FileLock(run.directory + "/.lock")
      } catch let held as FileLock.Held {
        throw RunError.inUse(run.directory, process: held.process)
      }
      try FileManager.default.removeItem(atPath: run.directory)
    }
    try store.remove(run.directory)
  }

  /// The sweep of a folder, or runs put together by hand, the first as the baseline.
  ///
  /// - Parameter names: a sweep's folder, or runs.
  public func results(_ names: [String], figure: String = "coco_keypoints/AP") throws -> SweepResults {
    if names.count == 1 {
      let sweeps = try store.sweeps()
      let path = Sweep.absolute(names[0])
      let matching = sweeps.filter { $0.directory == path || $0.name == names[0] }
      if matching.count == 1, let results = try store.results(of: matching[0].directory) { return results }
    }
    let runs = try names.map { name in
      let path = Sweep.absolute(name)
      if FileManager.default.fileExists(atPath: path + "/experiment.yaml") { return try add(path) }
      return try run(named: name)
    }
    return SweepResults(
      name: "runs", mode: "runs", baseline: runs.first?.variant ?? "", figure: figure, runs: runs)
  }

  /// A path as seen from the working directory, where it lies below it.
  public static func shortened(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }

  private static func seed(_ spec: String) -> UInt64 {
    let tree = try? Document(text: spec, name: "experiment.yaml").root
    guard case .int(let seed)? = tree?["train"]?["seed"]?.value else { return 0 }
    return UInt64(clamping: seed)
  }
}
