import Foundation
import Imaging
import PoseCore
import Sweeps
import Tensor
import Training

/// A made-up grid with everything a report can show.
enum ExampleSweep {
  static let axes = [
    SweepResults.Axis(name: "neck", levels: ["pafpn", "bifpn"]),
    SweepResults.Axis(name: "mosaic", levels: ["on", "off"]),
  ]

  /// Two axes of two levels.
  ///
  /// - Parameters:
  ///   - seeds: how many a cell.
  ///   - folder: where images and predictions are; nil for images that are nowhere.
  static func grid(seeds: Int = 3, folder: String? = nil) throws -> SweepResults {
    var runs: [RunResult] = []
    for (row, neck) in axes[0].levels.enumerated() {
      for (column, mosaic) in axes[1].levels.enumerated() {
        for seed in 0..<seeds {
          let skill = 0.5 + 0.12 * Double(row) - 0.05 * Double(column)
          let variant = row == 0 && column == 0 ? "baseline" : "neck=\(neck), mosaic=\(mosaic)"
          var run = try run(variant, seed: UInt64(seed), skill: skill, folder: folder)
          run.choices = [
            RunResult.Choice(axis: "neck", level: neck), RunResult.Choice(axis: "mosaic", level: mosaic),
          ]
          run.cost = RunResult.Cost(
            parameters: 2_870_000 + 400_000 * row, gigaflops: 0.42 + 0.1 * Double(row), latency: nil,
            trainingSeconds: 60 + 5 * Double(seed))
          runs.append(run)
        }
      }
    }
    return SweepResults(
      name: "necks & <mosaic>", mode: "grid", axes: axes, baseline: "baseline", figure: "coco_keypoints/AP",
      runs: runs)
  }

  /// A finished run that finds a share `skill` of the people.
  static func run(
    _ variant: String, seed: UInt64, skill: Double, folder: String? = nil
  ) throws -> RunResult {
    var run = RunResult(
      id: "\(variant)-\(seed)", variant: variant, seed: seed, state: .finished,
      directory: folder ?? "runs/\(variant)",
      command: "poselab train experiment.yaml seed=\(seed)", spec: "train: {seed: \(seed)}\n",
      environment: "{\"processor\": \"A & B\"}")
    var random = RandomStream(seed: seed, purpose: .test, index: Int(skill * 1000))
    let thresholds = (0..<10).map { 0.5 + 0.05 * Double($0) }
    let rows = (1...24).map { id in
      let found = random.bernoulli(skill)
      let mask = UInt16(found ? (1 << (3 + random.integer(below: 7))) - 1 : 0)
      let detections = [
        ImageScore.Detection(classIndex: 0, score: random.uniform(), matched: mask, ignored: 0),
        ImageScore.Detection(classIndex: 0, score: random.uniform() / 2, matched: 0, ignored: 0),
      ]
      return ImageScoreTable.Row(
        path: "\(folder ?? "nowhere")/\(id).png",
        score: ImageScore(imageID: id, labelCounts: [1], detections: detections))
    }
    run.images = ImageScoreTable(metric: "coco_keypoints", thresholds: thresholds, rows: rows)
    let sampler = PrecisionSampler(rows.map(\.score), thresholds: thresholds)
    let value = sampler.value(.init(.precision))
    run.figures = [
      RunResult.Figure(metric: "coco_keypoints", name: "AP", value: value),
      RunResult.Figure(
        metric: "coco_keypoints", name: "AP50", value: sampler.value(.init(.precision, threshold: 0))),
      RunResult.Figure(metric: "keypoint_oks", name: "OKS", value: value / 2),
      RunResult.Figure(metric: "keypoint_oks", name: "keypoints/left_wrist/OKS", value: value / 3),
      RunResult.Figure(metric: "keypoint_oks", name: "keypoints/nose/OKS", value: value),
      RunResult.Figure(metric: "keypoint_oks", name: "keypoints/nose/pixels", value: 3),
    ]
    run.epochs = (1...6).map { epoch in
      EpochRecord(
        epoch: epoch, seconds: Double(epoch) * 10,
        trainLosses: [.init("pose_loss", 9 / Double(epoch)), .init("box_loss", 1)],
        metrics: [.init("metrics/mAP50-95(P)", value * Double(epoch) / 6)], learningRates: [],
        imagesPerSecond: 10)
    }
    return run
  }

  /// Writes the images of the runs, and what was predicted in them.
  static func writeFiles(to folder: String) throws {
    var records: [String] = []
    for id in 1...24 {
      let image = Image(width: 60, height: 40, fill: (red: UInt8(id * 5), green: 90, blue: 160))
      try image.write(to: "\(folder)/\(id).png", durable: false)
      let points = (0..<17).map { "\(10 + $0 * 2),\(5 + $0),0.9" }.joined(separator: ",")
      records.append(
        "{\"image_id\":\(id),\"category_id\":1,\"bbox\":[8,4,40,20],\"score\":0.8,\"keypoints\":[\(points)]}")
    }
    let text = "[" + records.joined(separator: ",") + "]"
    try text.write(toFile: folder + "/predictions.json", atomically: true, encoding: .utf8)
  }
}

/// A folder that goes with the value.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "poselab-report-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }
}
