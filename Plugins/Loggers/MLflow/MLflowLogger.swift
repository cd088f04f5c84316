internal import Config
internal import Foundation
internal import PoseCore
internal import Training

/// Logs a run with an MLflow tracking server: parameters, figures by epoch, files, and how the run ended.
///
/// Everything is sent from a thread of its own: a server that is slow, away or broken costs the run nothing but its
/// log. `mlflow.json` in the run's folder remembers what the server has; a run that is resumed goes on in the same record
/// and sends what is missing.
final class MLflowLogger: RunLogger {
  enum Files: String, CaseIterable {
    case none, pictures, all
  }

  static let component = Component<Void, any RunLogger>(
    "mlflow", summary: "a tracking server of MLflow: parameters, figures, files, how the run ended",
    reference: "https://mlflow.org/docs/latest/rest-api.html",
    parameters: [
      .init(
        "uri", .string(), default: .null,
        help: "the server's address; none takes MLFLOW_TRACKING_URI, or else http://127.0.0.1:5000"),
      .init("experiment", .string(), default: "poselab", help: "name of the experiment, made where missing"),
      .init("run", .string(), default: .null, help: "name of the run; none takes that of its folder"),
      .init(
        "files", .choice(of: Files.self), default: "pictures",
        help: "what is sent besides figures: nothing, spec and pictures, or these and the weights"),
      .init(
        "timeout", .float(0.1...600), default: 10, help: "seconds an answer may take; files may take longer"),
      .init(
        "patience", .float(0...3600), default: 30, help: "seconds to wait for the server when the run ends"),
      .init("queue", .int(10...1_000_000), default: 1000, help: "messages that may wait for the server"),
    ]
  ) { arguments, _ in
    let environment = ProcessInfo.processInfo.environment
    let given = try arguments.optionalString("uri")
    let text = given ?? environment["MLFLOW_TRACKING_URI"] ?? "http://127.0.0.1:5000"
    guard let url = URL(string: text), ["http", "https"].contains(url.scheme?.lowercased()), url.host != nil
    else {
      throw arguments.error(
        "'uri' must be the address of a server, http://host:port, but is '\(text)'", at: "uri")
    }
    return MLflowLogger(
      server: MLflowServer(
        url, authorization: authorization(environment), timeout: try arguments.double("timeout")),
      experiment: try arguments.string("experiment"), run: try arguments.optionalString("run"),
      files: try arguments.choice("files"), patience: try arguments.double("patience"),
      limit: try arguments.int("queue"))
  }

  /// As MLflow's own clients take it from the environment, for secrets do not belong into specs.
  private static func authorization(_ environment: [String: String]) -> String? {
    if let token = environment["MLFLOW_TRACKING_TOKEN"] { return "Bearer " + token }
    guard let user = environment["MLFLOW_TRACKING_USERNAME"] else { return nil }
    let password = environment["MLFLOW_TRACKING_PASSWORD"] ?? ""
    return "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
  }

  private let server: MLflowServer
  private let experiment: String
  private let runName: String?
  private let files: Files
  private let patience: Double
  private let limit: Int
  private var queue: MLflowQueue?
  private var directory = ""

  init(server: MLflowServer, experiment: String, run: String?, files: Files, patience: Double, limit: Int) {
    self.server = server
    self.experiment = experiment
    runName = run
    self.files = files
    self.patience = patience
    self.limit = limit
  }

  func start(_ run: LoggedRun) throws {
    directory = run.directory
    let address = server.address.absoluteString
    var record = MLflowRecord(server: address)
    if run.isResumed, let known = MLflowRecord(folder: run.directory, server: address) { record = known }
    // Before anything is sent: the key in it finds a run whose id does not arrive.
    try record.write(to: run.directory)
    let queue = MLflowQueue(
      MLflowRun(server: server, folder: run.directory, record: record), limit: limit)
    self.queue = queue
    let name = runName ?? (run.directory as NSString).lastPathComponent
    queue.add(
      .begin(
        MLflowStart(
          experiment: experiment, runName: name, time: Self.now, parameters: Self.parameters(run),
          tags: [
            (key: "mlflow.source.name", value: "poselab"), (key: "mlflow.source.type", value: "LOCAL"),
            (key: "mlflow.user", value: NSUserName()), (key: "poselab.folder", value: run.directory),
          ])))
    for epoch in run.history where epoch.epoch > record.lastEpoch { try log(epoch) }
    if files != .none {
      for name in ["experiment.yaml", "environment.json"] { send(name, to: "") }
    }
  }

  func log(_ record: EpochRecord) throws {
    var figures = record.columns
    if let fitness = record.fitness { figures.append(EpochRecord.Figure("fitness", fitness)) }
    figures.append(EpochRecord.Figure("images_per_second", record.imagesPerSecond))
    let time = Self.now
    queue?.add(
      .metrics(
        figures.map { MLflowMetric($0, time: time, step: record.epoch) }, epoch: record.epoch))
  }

  func log(_ picture: LoggedPicture) throws {
    if files != .none { queue?.add(.file(path: picture.path, folder: "pictures")) }
  }

  func finish(_ ending: LoggedEnding) throws {
    guard let queue else { return }
    var status = "FAILED"
    if case .ended(let outcome) = ending {
      switch outcome.ending {
      case .completed, .stoppedEarly, .timeIsUp: status = "FINISHED"
      case .interrupted: status = "KILLED"
      case .paused: status = "SCHEDULED"
      }
      let (time, step) = (Self.now, outcome.bestEpoch ?? outcome.epochs)
      let best = (outcome.report?.metrics ?? []).flatMap { metric in
        metric.values.map { value in
          MLflowMetric(
            EpochRecord.Figure("best/\(metric.name)/\(value.name)", value.value), time: time, step: step)
        }
      }
      if !best.isEmpty { queue.add(.metrics(best, epoch: nil)) }
      if files != .none { for name in ["results.csv", "summary.json"] { send(name, to: "") } }
      if files == .all, !outcome.ending.isResumable { send("weights/best.safetensors", to: "weights") }
    }
    queue.add(.end(status: status, time: Self.now))
    queue.close(within: patience)
  }

  func takeWarnings() -> [String] { queue?.takeWarnings() ?? [] }

  private func send(_ name: String, to folder: String) {
    let path = directory + "/" + name
    if FileManager.default.fileExists(atPath: path) { queue?.add(.file(path: path, folder: folder)) }
  }

  /// Values that servers of any version take.
  private static func parameters(_ run: LoggedRun) -> [(key: String, value: String)] {
    var seen: Set<String> = []
    return run.settings.compactMap { setting in
      let key = MLflowMetric.name(setting.path)
      guard seen.insert(key).inserted else { return nil }
      let value = setting.value.count > 500 ? setting.value.prefix(499) + "…" : setting.value[...]
      return (key: key, value: String(value))
    }
  }

  /// Milliseconds since 1970.
  private static var now: Int { Int(Date().timeIntervalSince1970 * 1000) }
}
