internal import Config
internal import Foundation
internal import PoseCore
internal import SwiftProtobuf
internal import Training

/// Writes event files for TensorBoard into the run's folder: every figure of every epoch, the pictures, the graph of
/// the model and the experiment's spec.
///
/// A run that goes on gets a file of its own, which tells readers to forget what the one before says of epochs that
/// are done again.
final class TensorBoardLogger: RunLogger {
  static let component = Component<Void, any RunLogger>(
    "tensorboard",
    summary: "event files for TensorBoard in the run's folder: figures, pictures, the graph, the spec",
    reference: "TensorFlow's event files, as https://github.com/tensorflow/tensorboard reads them",
    parameters: [
      .init("images", .bool, default: true, help: "keep the run's pictures, too"),
      .init("graph", .bool, default: true, help: "keep the graph of the model"),
    ]
  ) { arguments, _ in
    TensorBoardLogger(images: try arguments.bool("images"), graph: try arguments.bool("graph"))
  }

  private let keepsImages: Bool
  private let keepsGraph: Bool
  private var file: RecordFile?

  init(images: Bool, graph: Bool) {
    keepsImages = images
    keepsGraph = graph
  }

  func start(_ run: LoggedRun) throws {
    let isNew = !Self.hasEvents(run.directory)
    let file = try Self.makeFile(in: run.directory)
    self.file = file
    try append { $0.fileVersion = "brain.Event:2" }
    if run.isResumed && !isNew {
      // Readers drop from here on what earlier files say.
      let next = (run.history.last?.epoch ?? 0) + 1
      try append(step: next) { $0.sessionLog = .with { $0.status = .start } }
      return
    }
    if keepsGraph { try append { $0.graphDef = try TBGraphDef(run.model).serializedData() } }
    if !run.spec.isEmpty { try append { $0.summary = .text(Self.fenced(run.spec), tag: "experiment") } }
    // Earlier epochs of a run that had no such log.
    for record in run.history { try log(record) }
  }

  func log(_ record: EpochRecord) throws {
    var figures = record.columns
    if let fitness = record.fitness { figures.append(EpochRecord.Figure("fitness", fitness)) }
    figures.append(EpochRecord.Figure("images_per_second", record.imagesPerSecond))
    try append(step: record.epoch) { $0.summary = .figures(figures) }
  }

  func log(_ picture: LoggedPicture) throws {
    guard keepsImages else { return }
    let bytes = try Data(contentsOf: URL(filePath: picture.path))
    guard let summary = TBSummary.picture(bytes, tag: picture.name) else { return }
    try append(step: picture.epoch) { $0.summary = summary }
  }

  func finish(_ ending: LoggedEnding) throws {
    guard file != nil else { return }
    defer { file = nil }
    guard case .ended(let outcome) = ending, let report = outcome.report else { return }
    let figures = report.metrics.flatMap { metric in
      metric.values.map { EpochRecord.Figure("best/\(metric.name)/\($0.name)", $0.value) }
    }
    try append(step: outcome.bestEpoch ?? outcome.epochs) { $0.summary = .figures(figures) }
  }

  // Files

  private func append(step: Int = 0, _ fill: (inout TBEvent) throws -> Void) throws {
    guard let file else { return }
    var event = TBEvent()
    event.wallTime = Date().timeIntervalSince1970
    event.step = Int64(step)
    try fill(&event)
    try file.append(try event.serializedBytes())
  }

  private static let prefix = "events.out.tfevents."

  private static func hasEvents(_ folder: String) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.contains { $0.hasPrefix(prefix) }
  }

  /// Readers take the files of a folder in the order of their names, so the time comes first.
  private static func makeFile(in folder: String) throws -> RecordFile {
    var name = [CChar](repeating: 0, count: 256)
    _ = gethostname(&name, name.count - 1)
    let letters = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let host = String(decoding: letters, as: UTF8.self).filter {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".")
    }
    let seconds = String(format: "%010d", Int(Date().timeIntervalSince1970))
    let stem = "\(folder)/\(prefix)\(seconds).\(host.isEmpty ? "host" : host).\(getpid())"
    var number = 0
    while FileManager.default.fileExists(atPath: "\(stem).\(number)") { number += 1 }
    return try RecordFile("\(stem).\(number)")
  }

  /// As Markdown shows YAML.
  private static func fenced(_ text: String) -> String { "```yaml\n\(text)```\n" }
}
