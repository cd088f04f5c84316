internal import Config
internal import FileSystem
internal import Foundation
public import Sweeps
internal import Training

/// The runs that a database of results knows.
public struct RunArchive: Sendable {
  public let store: ResultStore

  /// - Parameters:
  ///   - database: the file.
  ///   - mayBegin: makes the file where it is missing.
  public init(_ database: String, mayBegin: Bool = true) throws {
    let path = Sweep.absolute(database)
    if !mayBegin, !FileManager.default.fileExists(atPath: path) {
      throw Diagnostic(
        .error,
        "there is no database of results \(database)\(NearestFile.suggestion(for: database, endings: [".sqlite"]));"
          + " 'poselab sweep run' and 'poselab runs add' make one")
    }
    store = try ResultStore(path)
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
    if let run = try found(name) { return run }
    let folders = try store.runs(isWhole: false).map(\.directory)
    throw unknown("run", name, among: folders.map { ($0 as NSString).lastPathComponent })
  }

  /// Nil where the name fits no run.
  private func found(_ name: String) throws -> RunResult? {
    if let run = try store.run(in: Sweep.absolute(name)) { return run }
    let folders = try store.runs(isWhole: false).map(\.directory)
    let exact = folders.filter { $0.hasSuffix("/" + name) }
    let partly = folders.filter { ($0 as NSString).lastPathComponent.contains(name) }
    let many = exact.isEmpty ? partly : exact
    if many.count > 1 {
      let names = many.prefix(6).map(Self.shortened).joined(separator: ", ")
      throw Diagnostic(.error, "'\(name)' may be any of \(names)\(many.count > 6 ? " …" : "")")
    }
    return try many.first.flatMap { try store.run(in: $0) }
  }

  private func unknown(_ kind: String, _ name: String, among names: [String]) -> Diagnostic {
    var hint = suggestion(for: name, among: names)
    if hint.isEmpty { hint = "; 'poselab runs list' shows them, 'poselab runs add' enters a folder" }
    return Diagnostic(.error, "no \(kind) '\(name)' in \(Self.shortened(store.path))\(hint)")
  }

  /// Files that a run has written, with their sizes in bytes.
  public func artefacts(of run: RunResult) throws -> [(path: String, bytes: Int)] {
    try store.artefacts(of: run.directory)
  }

  /// Enters the run of a folder, or brings up to date what is known of it; a run of a sweep stays in its sweep.
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
        command: "poselab train " + ShellText.quoted(path + "/experiment.yaml"), spec: record.spec)
    // Why a run of a sweep came to no end is known to the sweep alone, as long as nobody has trained it further.
    let isSettled = known.map { $0.state.isFinal && $0.state != .finished && $0.epochs == record.epochs }
    if record.ending != nil {
      (run.state, run.reason) = (.finished, nil)
    } else if LogLock.isTaken(path + "/.lock") {
      (run.state, run.reason) = (.running, nil)
    } else if isSettled != true {
      (run.state, run.reason) = (.interrupted, nil)
    }
    run.take(record)
    if run != known { try store.save(run) }
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

  /// A sweep, or runs put together, the first as the baseline.
  ///
  /// - Parameters:
  ///   - names: one sweep, by its folder or its name, or several sweeps and runs. Folders of runs that the database
  ///     does not know are entered.
  ///   - figure: the figure that decides, `METRIC/NAME`; nil for the sweep's own, and for runs
  ///     `coco_keypoints/AP`.
  /// - Throws: a `Diagnostic` for a name that is none, with the nearest; where no run has the figure.
  public func results(_ names: [String], figure: String? = nil) throws -> SweepResults {
    var results: SweepResults
    if names.count == 1, let sweep = try sweep(names[0]) {
      results = sweep
      if let figure { results.figure = figure }
    } else {
      let runs = try names.flatMap { name in try sweep(name)?.runs ?? [try entered(name)] }
      results = SweepResults(comparing: runs, figure: figure ?? "coco_keypoints/AP")
    }
    let known = Set(results.runs.flatMap { $0.figures.map { "\($0.metric)/\($0.name)" } })
    if !known.isEmpty, !known.contains(results.figure) {
      var hint = suggestion(for: results.figure, among: known)
      if hint.isEmpty { hint = "; they have \(known.sorted().prefix(12).joined(separator: ", "))" }
      throw Diagnostic(.error, "no run has the figure '\(results.figure)'\(hint)")
    }
    return results
  }

  private func sweep(_ name: String) throws -> SweepResults? {
    let sweeps = try store.sweeps()
    let path = Sweep.absolute(name)
    var matching = sweeps.filter { $0.directory == path }
    if matching.isEmpty { matching = sweeps.filter { $0.name == name } }
    if matching.count > 1 {
      let folders = matching.map { Self.shortened($0.directory) }.joined(separator: ", ")
      throw Diagnostic(.error, "'\(name)' may be any of the sweeps \(folders)")
    }
    return try matching.first.flatMap { try store.results(of: $0.directory) }
  }

  private func entered(_ name: String) throws -> RunResult {
    let path = Sweep.absolute(name)
    if FileManager.default.fileExists(atPath: path + "/experiment.yaml") { return try add(path) }
    if let run = try found(name) { return run }
    let sweeps = try store.sweeps()
    let runs = try store.runs(isWhole: false).map(\.directory)
    let folders = (sweeps.map(\.directory) + runs).flatMap {
      [Self.shortened($0), ($0 as NSString).lastPathComponent]
    }
    throw unknown("sweep or run", name, among: folders + sweeps.map(\.name))
  }

  /// A path as seen from the working directory, where it lies below it.
  public static func shortened(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }

  /// A path without `.` and `..`, from the root.
  package static func absolute(_ path: String) -> String { Sweep.absolute(path) }

  private static func seed(_ spec: String) -> UInt64 {
    let tree = try? Document(text: spec, name: "experiment.yaml").root
    guard case .int(let seed)? = tree?["train"]?["seed"]?.value else { return 0 }
    return UInt64(clamping: seed)
  }
}
