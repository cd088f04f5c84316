internal import Foundation

/// A run on the server: does one job after the other. Whatever fails may be tried again, for each job can be done
/// twice without harm.
struct MLflowRun {
  let server: MLflowServer
  let folder: String
  private(set) var record: MLflowRecord
  /// Whether it has been said that the server takes no files.
  private var hasToldOfFiles = false

  init(server: MLflowServer, folder: String, record: MLflowRecord) {
    self.server = server
    self.folder = folder
    self.record = record
  }

  /// - Throws: `MLflowFault`, or `FileError` where `mlflow.json` cannot be written.
  mutating func perform(_ job: MLflowJob) throws {
    switch job {
    case .begin(let start): try begin(start)
    case .metrics(let metrics, let epoch): try send(metrics, epoch: epoch)
    case .file(let path, let folder): try send(file: path, to: folder)
    case .end(let status, let time):
      _ = try server.call("runs/update", ["run_id": try runID, "status": status, "end_time": time])
    }
  }

  private var runID: String {
    get throws(MLflowFault) {
      guard let id = record.runID else {
        throw MLflowFault(description: "the server has no such run", isTransient: false)
      }
      return id
    }
  }

  // The beginning

  private mutating func begin(_ start: MLflowStart) throws {
    if let id = record.runID, try exists(id) {
      _ = try server.call("runs/update", ["run_id": id, "status": "RUNNING"])
    } else {
      record.runID = nil
      let experiment = try experiment(start.experiment)
      record.experimentID = experiment
      let run = try find(in: experiment) ?? create(start, in: experiment)
      let info = run["info"] as? [String: Any] ?? [:]
      guard let id = info["run_id"] as? String ?? info["run_uuid"] as? String else {
        throw MLflowFault(description: "the server's answer names no run", isTransient: false)
      }
      record.runID = id
      record.artifactURI = info["artifact_uri"] as? String
      try record.write(to: folder)
    }
    guard !record.hasParameters else { return }
    // The server takes a hundred parameters at once.
    for first in stride(from: 0, to: start.parameters.count, by: 100) {
      let part = start.parameters[first..<min(first + 100, start.parameters.count)]
      let body: [String: Any] = [
        "run_id": try runID, "params": part.map { ["key": $0.key, "value": $0.value] },
      ]
      _ = try server.call("runs/log-batch", body)
    }
    record.hasParameters = true
    try record.write(to: folder)
  }

  private func exists(_ id: String) throws(MLflowFault) -> Bool {
    do throws(MLflowFault) {
      _ = try server.call("runs/get", query: ["run_id": id])
      return true
    } catch {
      if error.code == "RESOURCE_DOES_NOT_EXIST" { return false }
      throw error
    }
  }

  private func experiment(_ name: String) throws(MLflowFault) -> String {
    do throws(MLflowFault) {
      let found = try server.call("experiments/get-by-name", query: ["experiment_name": name])
      let experiment = found["experiment"] as? [String: Any]
      if let id = experiment?["experiment_id"] as? String { return id }
    } catch {
      guard error.code == "RESOURCE_DOES_NOT_EXIST" else { throw error }
    }
    do throws(MLflowFault) {
      let made = try server.call("experiments/create", ["name": name])
      if let id = made["experiment_id"] as? String { return id }
    } catch {
      // Another run may have made it just now.
      guard error.code == "RESOURCE_ALREADY_EXISTS" else { throw error }
      throw MLflowFault(description: error.description, isTransient: true)
    }
    throw MLflowFault(description: "the server's answer names no experiment", isTransient: false)
  }

  /// A run that was made, but whose id never arrived.
  private func find(in experiment: String) throws(MLflowFault) -> [String: Any]? {
    let found = try server.call(
      "runs/search",
      [
        "experiment_ids": [experiment], "filter": "tags.`poselab.run` = '\(record.key)'", "max_results": 1,
      ])
    return (found["runs"] as? [[String: Any]])?.first
  }

  private func create(_ start: MLflowStart, in experiment: String) throws(MLflowFault) -> [String: Any] {
    let tags = start.tags + [(key: "poselab.run", value: record.key)]
    let made = try server.call(
      "runs/create",
      [
        "experiment_id": experiment, "start_time": start.time, "run_name": start.runName,
        "tags": tags.map { ["key": $0.key, "value": $0.value] },
      ])
    return made["run"] as? [String: Any] ?? [:]
  }

  // What follows

  private mutating func send(_ metrics: [MLflowMetric], epoch: Int?) throws {
    // The server takes a thousand figures at once.
    for first in stride(from: 0, to: metrics.count, by: 1000) {
      let part = metrics[first..<min(first + 1000, metrics.count)]
      _ = try server.call("runs/log-batch", ["run_id": try runID, "metrics": part.map(\.json)])
    }
    guard let epoch, epoch > record.lastEpoch else { return }
    record.lastEpoch = epoch
    try record.write(to: folder)
  }

  private mutating func send(file: String, to folder: String) throws {
    guard let uri = record.artifactURI, let root = Self.proxyPath(uri) else {
      if hasToldOfFiles { return }
      hasToldOfFiles = true
      throw MLflowFault(
        description:
          "files are not sent: the server keeps them at '\(record.artifactURI ?? "")' and takes none"
          + " itself; start it with --serve-artifacts", isTransient: false)
    }
    let name = (file as NSString).lastPathComponent
    try server.upload(file, to: root + (folder.isEmpty ? "/" : "/\(folder)/") + name)
  }

  /// The path that a server which takes files itself gives in `mlflow-artifacts:/0/abc/artifacts`.
  private static func proxyPath(_ uri: String) -> String? {
    guard let parts = URLComponents(string: uri), parts.scheme == "mlflow-artifacts" else { return nil }
    return String(parts.path.drop { $0 == "/" })
  }
}
