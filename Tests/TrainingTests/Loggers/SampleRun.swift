import Config
import Foundation
import Imaging
import PoseCore
import PoseLab
import Training

/// A run for loggers: a folder, epochs and pictures, without any training.
final class SampleRun {
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "poselab-log-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static func logger(_ text: String) throws -> any RunLogger {
    try Registry.standard().loggers.make(ComponentSpec(text: text, named: "logger"), in: ())
  }

  /// - Parameter epochs: that were done before, of a run that goes on.
  func run(after epochs: Int? = nil) -> LoggedRun {
    let summary = RunSummary(
      directory: folder, model: "pico", parameters: 30, engine: "openblas", threads: 1, epochs: 9, batch: 2,
      imageSize: 64, trainImages: 4, validationImages: 2, optimizer: "sgd", lossItems: ["box_loss"],
      resumedAt: epochs.map { ($0 + 1, 0) })
    let graph = LoggedGraph(nodes: [
      .init(
        name: "images", kind: "images", inputs: [], outputShapes: [[64, 96, 3]], parameterCount: 0,
        arguments: ""),
      .init(
        name: "model/0/Conv", kind: "Conv", inputs: ["images"], outputShapes: [[32, 48, 8]],
        parameterCount: 30, arguments: "{channels: 8}"),
      .init(
        name: "model/1/Pose", kind: "Pose", inputs: ["model/0/Conv", "images"],
        outputShapes: [[32, 48, 4], [32, 48, 1]], parameterCount: 0, arguments: ""),
    ])
    return LoggedRun(
      summary: summary, spec: "model: pico.yaml\ntrain:\n  epochs: 9\n",
      settings: [
        ("model", "pico.yaml"), ("train.epochs", "9"), ("augment.0.p(x)", String(repeating: "é", count: 600)),
      ],
      model: graph, history: (1..<((epochs ?? 0) + 1)).map(record))
  }

  func record(_ epoch: Int) -> EpochRecord {
    EpochRecord(
      epoch: epoch, seconds: Double(epoch), trainLosses: [.init("box_loss", 1 / Double(epoch))],
      metrics: [.init("metrics/mAP50(P)", 0.125 * Double(epoch))],
      validationLosses: [.init("box_loss", epoch == 2 ? .nan : 0.5)], learningRates: [.init("pg0", 0.01)],
      fitness: 0.25 * Double(epoch), imagesPerSecond: 20)
  }

  func picture(_ name: String, of epoch: Int) throws -> LoggedPicture {
    let path = folder + "/" + name
    var pixels = [UInt8](repeating: 0, count: 12 * 7 * 3)
    for index in pixels.indices { pixels[index] = UInt8(truncatingIfNeeded: index &* 31) }
    try Image(width: 12, height: 7, pixels: pixels).write(to: path, durable: false)
    return LoggedPicture(name: (name as NSString).deletingPathExtension, path: path, epoch: epoch)
  }

  func outcome(_ ending: TrainingOutcome.Ending, epochs: Int) -> LoggedEnding {
    let report = ValidationReport(
      imageCount: 2, instanceCount: 3,
      metrics: [MetricReport(name: "coco_keypoints", values: [MetricValue("AP", 0.5)])])
    return .ended(
      TrainingOutcome(
        ending: ending, directory: folder, epochs: epochs, seconds: 3, bestEpoch: epochs, bestFitness: 1,
        report: ending.isResumable ? nil : report, history: [], peakTensorBytes: 0))
  }

  var eventFiles: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder).filter {
        $0.hasPrefix("events.out.tfevents.")
      }
      .sorted().map { folder + "/" + $0 }
    }
  }
}
