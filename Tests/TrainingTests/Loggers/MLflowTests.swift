import Foundation
import Synchronization
import Testing
import Training

@Suite struct `A log on an MLflow server` {
  /// A server that knows one experiment and answers every call.
  static func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
    let path = request.path.prefix { $0 != "?" }
    let run = #"{"info":{"run_id":"r1","artifact_uri":"mlflow-artifacts:/7/r1/artifacts"}}"#
    switch path {
    case "/api/2.0/mlflow/experiments/get-by-name":
      return .status(404, #"{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"no such experiment"}"#)
    case "/api/2.0/mlflow/experiments/create": return .status(200, #"{"experiment_id":"7"}"#)
    case "/api/2.0/mlflow/runs/create", "/api/2.0/mlflow/runs/get": return .status(200, #"{"run":\#(run)}"#)
    default: return .status(200, "{}")
    }
  }

  private func spec(_ server: String, _ rest: String = "") -> String {
    "{type: mlflow, uri: \"\(server)\", timeout: 2, patience: 20\(rest)}"
  }

  private func isBatch(_ request: LoopbackServer.Request) -> Bool { request.path.hasSuffix("runs/log-batch") }

  /// Steps of the figures that arrived, in their order.
  private func steps(_ server: LoopbackServer) -> [Int] {
    server.requests.compactMap { request in
      let metrics = request.json["metrics"] as? [[String: Any]]
      return metrics?.first { $0["key"] as? String == "fitness" }?["step"] as? Int
    }
  }

  @Test func `gets parameters, figures, files and the end, in order`() throws {
    let server = try LoopbackServer(Self.answer)
    defer { server.stop() }
    let sample = try SampleRun()
    try "a: 1\n".write(toFile: sample.folder + "/experiment.yaml", atomically: true, encoding: .utf8)
    let logger = try SampleRun.logger(spec(server.address))
    try logger.start(sample.run())
    try logger.log(sample.record(1))
    try logger.log(sample.record(2))
    try logger.log(sample.picture("results.png", of: 2))
    try logger.finish(sample.outcome(.completed, epochs: 2))
    #expect(logger.takeWarnings() == [])
    #expect(
      server.requests.map { "\($0.method) \($0.path.prefix { $0 != "?" })".replacing("/api/2.0/", with: "") }
        == [
          "GET mlflow/experiments/get-by-name", "POST mlflow/experiments/create", "POST mlflow/runs/search",
          "POST mlflow/runs/create", "POST mlflow/runs/log-batch",
          "PUT mlflow-artifacts/artifacts/7/r1/artifacts/experiment.yaml", "POST mlflow/runs/log-batch",
          "POST mlflow/runs/log-batch", "PUT mlflow-artifacts/artifacts/7/r1/artifacts/pictures/results.png",
          "POST mlflow/runs/log-batch", "POST mlflow/runs/update",
        ])
    let batches = server.requests.filter(isBatch)
    let parameters = try #require(batches[0].json["params"] as? [[String: String]])
    #expect(
      parameters.prefix(2) == [
        ["key": "model", "value": "pico.yaml"], ["key": "train.epochs", "value": "9"],
      ])
    #expect(parameters[2]["key"] == "augment.0.p_x" && parameters[2]["value"]?.count == 500)
    let figures = try #require(batches[2].json["metrics"] as? [[String: Any]])
    let map = try #require(figures.first { $0["key"] as? String == "metrics/mAP50_P" })
    #expect(map["value"] as? Double == 0.25 && map["step"] as? Int == 2)
    #expect(try #require(map["timestamp"] as? Int) > 1_700_000_000_000)
    #expect(figures.first { $0["key"] as? String == "val/box_loss" }?["value"] as? String == "NaN")
    let picture = try Foundation.Data(contentsOf: URL(filePath: sample.folder + "/results.png"))
    #expect(server.requests[8].body == [UInt8](picture))
    #expect(server.requests.last?.json["status"] as? String == "FINISHED")
  }

  @Test func `goes on in the same record when a run is resumed`() throws {
    let server = try LoopbackServer(Self.answer)
    defer { server.stop() }
    let sample = try SampleRun()
    var logger = try SampleRun.logger(spec(server.address, ", files: none"))
    try logger.start(sample.run())
    try logger.log(sample.record(1))
    try logger.finish(sample.outcome(.paused, epochs: 1))
    #expect(server.requests.last?.json["status"] as? String == "SCHEDULED")
    let before = server.requests.count
    logger = try SampleRun.logger(spec(server.address, ", files: none"))
    // The third epoch was trained without a log, or the server was away.
    try logger.start(sample.run(after: 3))
    try logger.log(sample.record(4))
    try logger.finish(sample.outcome(.interrupted, epochs: 4))
    let names = server.requests[before...].map {
      $0.path.prefix { $0 != "?" }.replacing("/api/2.0/mlflow/", with: "")
    }
    #expect(
      names == [
        "runs/get", "runs/update", "runs/log-batch", "runs/log-batch", "runs/log-batch", "runs/update",
      ])
    #expect(steps(server) == [1, 2, 3, 4])
    #expect(server.requests[before + 1].json["status"] as? String == "RUNNING")
    #expect(server.requests.last?.json["status"] as? String == "KILLED")
  }

  @Test func `survives a server in trouble, and arrives whole`() throws {
    let count = Atomic<Int>(0)
    let server = try LoopbackServer { request in
      switch count.add(1, ordering: .relaxed).newValue {
      case 1: return .status(500, "<html>")
      case 3: return .silence
      // The figures of the first and of the second epoch.
      case 9: return .hangUp
      case 11: return .status(429, "{}")
      default: return Self.answer(request)
      }
    }
    defer { server.stop() }
    let sample = try SampleRun()
    let logger = try SampleRun.logger(
      "{type: mlflow, uri: \"\(server.address)\", timeout: 0.5, patience: 20, files: none}")
    let start = ContinuousClock.now
    try logger.start(sample.run())
    for epoch in 1...3 { try logger.log(sample.record(epoch)) }
    // None of this waits.
    #expect(ContinuousClock.now - start < .seconds(1))
    try logger.finish(sample.outcome(.completed, epochs: 3))
    #expect(Set(steps(server)) == [1, 2, 3])
    #expect(server.requests.last?.json["status"] as? String == "FINISHED")
    let warnings = logger.takeWarnings()
    #expect(
      warnings.contains { $0.contains("HTTP 500") && $0.hasSuffix("trying again while the run goes on") })
    #expect(!warnings.contains { $0.contains("could not be sent") })
  }

  @Test func `is given up in bounded time when nobody answers`() throws {
    let silent = try LoopbackServer { _ in .silence }
    defer { silent.stop() }
    // A port that refuses: nobody listens there any more.
    let closed = try LoopbackServer(Self.answer)
    closed.stop()
    for address in [silent.address, closed.address] {
      let sample = try SampleRun()
      let logger = try SampleRun.logger(
        "{type: mlflow, uri: \"\(address)\", timeout: 30, patience: 0.3, queue: 10}")
      let start = ContinuousClock.now
      try logger.start(sample.run())
      for epoch in 1...40 { try logger.log(sample.record(epoch)) }
      try logger.finish(sample.outcome(.completed, epochs: 40))
      #expect(ContinuousClock.now - start < .seconds(4))
      // 43 messages, none of which arrived.
      #expect(
        logger.takeWarnings().last
          == "43 messages could not be sent to the server; the run's folder has everything, and a run that is resumed"
          + " sends its epochs again")
    }
  }

  @Test(arguments: [
    (
      status: 401, body: #"{"error_code":"UNAUTHENTICATED","message":"who are you?"}"#,
      said: "UNAUTHENTICATED: who are you?"
    ),
    (status: 200, body: "<html>hello</html>", said: "is this an MLflow server?"),
    (status: 404, body: "nothing here", said: "HTTP 404"),
  ])
  func `ends with one warning where the server wants none of it`(
    answer: (status: Int, body: String, said: String)
  ) throws {
    let server = try LoopbackServer { _ in .status(answer.status, answer.body) }
    defer { server.stop() }
    let sample = try SampleRun()
    let logger = try SampleRun.logger(spec(server.address))
    try logger.start(sample.run())
    try logger.log(sample.record(1))
    try logger.finish(sample.outcome(.completed, epochs: 1))
    let warnings = logger.takeWarnings()
    #expect(warnings.count == 1 && warnings.first?.contains(answer.said) == true, "\(warnings)")
    #expect(server.requests.count == 1)
  }

  @Test func `needs the address of a server`() {
    #expect(throws: (any Error).self) { try SampleRun.logger("{type: mlflow, uri: \"sqlite:///a.db\"}") }
    #expect(throws: (any Error).self) { try SampleRun.logger("{type: mlflow, files: some}") }
  }

  @Test(.enabled(if: Python.has("mlflow"), "needs the Python package mlflow"))
  func `is what MLflow's own server keeps`() throws {
    let sample = try SampleRun()
    let server = try RealServer(sample.folder + "/server")
    defer { server.stop() }
    try "a: 1\n".write(toFile: sample.folder + "/experiment.yaml", atomically: true, encoding: .utf8)
    let options = "{type: mlflow, uri: \"\(server.address)\", experiment: fox hunt, run: first}"
    var logger = try SampleRun.logger(options)
    try logger.start(sample.run())
    try logger.log(sample.record(1))
    try logger.log(sample.record(2))
    try logger.log(sample.picture("results.png", of: 2))
    try logger.finish(sample.outcome(.paused, epochs: 2))
    #expect(logger.takeWarnings() == [])
    logger = try SampleRun.logger(options)
    try logger.start(sample.run(after: 2))
    try logger.log(sample.record(3))
    try logger.finish(sample.outcome(.completed, epochs: 3))
    #expect(logger.takeWarnings() == [])
    let script = """
      import json, sys
      from mlflow import MlflowClient
      c = MlflowClient(sys.argv[1])
      e = c.get_experiment_by_name("fox hunt")
      runs = c.search_runs([e.experiment_id])
      r = runs[0]
      h = {k: [[m.step, m.value] for m in c.get_metric_history(r.info.run_id, k)]
           for k in ["metrics/mAP50_P", "fitness", "best/coco_keypoints/AP"]}
      n = [m.value != m.value for m in c.get_metric_history(r.info.run_id, "val/box_loss")]
      files = sorted(f.path for d in [None, "pictures"] for f in c.list_artifacts(r.info.run_id, d) if not f.is_dir)
      print(json.dumps({"runs": len(runs), "name": r.info.run_name, "status": r.info.status, "history": h, "nan": n,
                        "params": {k: v for k, v in r.data.params.items() if len(v) < 100}, "files": files,
                        "source": r.data.tags["mlflow.source.name"]}))
      """
    struct Found: Decodable {
      var runs: Int
      var name: String
      var status: String
      var history: [String: [[Double]]]
      var nan: [Bool]
      var params: [String: String]
      var files: [String]
      var source: String
    }
    let found = try JSONDecoder().decode(
      Found.self, from: Foundation.Data(try Python.run(script, server.address).utf8))
    #expect(
      found.runs == 1 && found.name == "first" && found.status == "FINISHED" && found.source == "poselab")
    #expect(found.history["metrics/mAP50_P"] == [[1, 0.125], [2, 0.25], [3, 0.375]])
    #expect(found.history["best/coco_keypoints/AP"] == [[3, 0.5]])
    #expect(found.nan == [false, true, false])
    #expect(found.params == ["model": "pico.yaml", "train.epochs": "9"])
    #expect(found.files == ["experiment.yaml", "pictures/results.png"])
  }
}

/// MLflow's server on a free port of this machine, with its store in a folder.
private final class RealServer {
  let address: String
  private let process: Process

  struct NotUp: Error {}

  init(_ folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // A port that was free a moment ago.
    let port = try LoopbackServer { _ in .hangUp }
    port.stop()
    address = port.address
    process = Python.process([
      "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", "\(port.port)", "--workers", "1",
      "--backend-store-uri", "sqlite:///\(folder)/store.db", "--artifacts-destination", folder + "/files",
    ])
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    // Its other services are not needed.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"]) { $1 }
    try process.run()
    for _ in 0..<600 {
      if (try? String(contentsOf: URL(string: address + "/health") ?? URL(filePath: "/"), encoding: .utf8))
        == "OK"
      {
        return
      }
      guard process.isRunning else { throw NotUp() }
      Thread.sleep(forTimeInterval: 0.1)
    }
    stop()
    throw NotUp()
  }

  /// Ends the server with its helpers, which are of its group. They inherit blocked signals from the test's thread, so
  /// only one of them gets through.
  func stop() {
    kill(-process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
