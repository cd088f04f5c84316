import Data
import Foundation
import PoseCore
import PoseLab
import Testing

@Suite struct `Evaluating files` {
  private let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/coco-eval").path

  @Test func `gives keypoint figures by default`() throws {
    let outcome = try run("ground-truth.json", "detections-correlated.json")
    #expect(outcome.report.name == "coco_keypoints")
    #expect(outcome.report["AP"] == 0.489013270272878)
    #expect(outcome.report.notes.first == "sigmas: COCO's, for 17 keypoints")
    #expect(outcome.warnings.isEmpty)
    #expect(outcome.detectionCount == 166)
  }

  @Test func `gives the figures of other metrics`() throws {
    let boxes = try run("ground-truth.json", "detections-correlated.json", .cocoBoxes)
    #expect(boxes.report["AR100"] == 0.6646616541353383)
    let map = try run("ground-truth.json", "detections-correlated.json", .yoloMap)
    #expect(abs((map.report["fitness"] ?? 0) - 0.7820098505668558) < 1e-6)
  }

  @Test func `takes the sigmas it is given and says which it took`() throws {
    let given = try run(
      "five-point-ground-truth.json", "five-point-detections.json",
      sigmas: [0.03, 0.05, 0.055, 0.08, 0.085])
    #expect(given.report["AP"] == 0.3716643092880717)
    #expect(given.report.notes.first == "sigmas: 5, as given")
    let uniform = try run("five-point-ground-truth.json", "five-point-detections.json")
    #expect(
      uniform.report.notes.first
        == "sigmas: 1/5 for every keypoint, for want of measured ones; far laxer than COCO's")
    #expect(throws: SigmaError.wrongCount(2, keypoints: 5)) {
      try run("five-point-ground-truth.json", "five-point-detections.json", sigmas: [0.1, 0.2])
    }
    #expect(throws: SigmaError.notPositive(0, index: 1)) {
      try run("five-point-ground-truth.json", "five-point-detections.json", sigmas: [0.1, 0, 1, 1, 1])
    }
  }

  @Test func `draws boxes around keypoints where results have none`() throws {
    let outcome = try run("ground-truth.json", "detections-no-bbox-field.json", .cocoBoxes)
    #expect(outcome.warnings == [.boxesFromKeypoints])
    #expect((outcome.report["AP50"] ?? 0) > 0.1)
  }

  @Test func `gives AP 0 for no detections, and fails as pycocotools does in strict mode`() throws {
    let outcome = try run("ground-truth.json", "detections-empty.json")
    #expect(outcome.report["AP"] == 0 && outcome.warnings == [.noDetections])
    #expect(throws: COCOFileError.self) {
      try FileEvaluation.run(
        annotations: folder + "/ground-truth.json", results: folder + "/detections-empty.json",
        strictCOCO: true)
    }
  }

  @Test func `evaluates made-up data, the same for the same seed`() throws {
    let temporary = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    let data = try EvaluationBenchmarkData.generate(images: 300, seed: 3, in: temporary)
    let bytes = FileManager.default.contents(atPath: data.results)
    let outcome = try FileEvaluation.run(annotations: data.annotations, results: data.results)
    #expect(outcome.labelCount == data.labelCount && outcome.detectionCount == data.detectionCount)
    #expect((0.3..<0.7).contains(outcome.report["AP"] ?? 0))
    _ = try EvaluationBenchmarkData.generate(images: 300, seed: 3, in: temporary)
    #expect(FileManager.default.contents(atPath: data.results) == bytes)
  }

  private func run(
    _ annotations: String, _ results: String, _ metric: FileEvaluation.Metric = .cocoKeypoints,
    sigmas: [Double]? = nil
  ) throws -> FileEvaluation {
    try FileEvaluation.run(
      annotations: folder + "/" + annotations, results: folder + "/" + results, metric: metric, sigmas: sigmas
    )
  }
}
