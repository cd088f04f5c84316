import Data
import Foundation
import Metrics
import PoseCore
import Tensor
import Testing

/// Broken files: NaN in keypoints and scores, repeated ids, id 0, wrong counts, unknown images and categories.
@Suite struct `Strict mode` {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/coco-eval-strict").path

  @Test(arguments: ["1", "2", "3", "4"])
  func `does what pycocotools does with broken files`(name: String) throws {
    let data = try Data(contentsOf: URL(filePath: Self.folder + "/results.json"))
    let reference = JSON(try JSONSerialization.jsonObject(with: data))
    let labels = try COCOAnnotations.read("\(Self.folder)/labels-\(name).json", allowNonFinite: true)
    let detections = try COCOResults.read(
      "\(Self.folder)/detections-\(name).json", keypointCount: 5, allowNonFinite: true)
    let keypoints = COCOKeypointsMetric.evaluate(
      try EvaluationSet.joining(labels, detections, keypointCount: 5, strict: true).set,
      sigmas: reference["sigmas"].numbers, zeroIDIsMiss: true)
    let boxes = COCOBoxMetric.evaluate(
      try EvaluationSet.joining(labels, detections, keypointCount: nil, strict: true).set, zeroIDIsMiss: true)
    let expected = reference["cases"][name]
    expect(COCOKeypointsMetric.report(keypoints, sigmaNote: ""), expected["keypoints"].numbers)
    expect(COCOBoxMetric.report(boxes), expected["bbox"].numbers)
  }

  private func expect(_ report: MetricReport, _ reference: [Double]) {
    #expect(report.values.count == reference.count)
    for (found, value) in zip(report.values, reference) {
      #expect(abs(found.value - value) < 1e-14, "\(found.name): \(found.value) instead of \(value)")
    }
  }

  @Test func `takes a match with id 0 for a miss`() throws {
    var set = try EvaluationFixtures.set(detections: "detections-perfect.json", withKeypoints: true)
    for index in set.groundTruths.ids.indices { set.groundTruths.ids[index] = 0 }
    let plain = COCOKeypointsMetric.evaluate(set, sigmas: Skeleton.cocoSigmas)
    #expect(plain.averagePrecision() == 1)
    let strict = COCOKeypointsMetric.evaluate(set, sigmas: Skeleton.cocoSigmas, zeroIDIsMiss: true)
    #expect(strict.averagePrecision() == 0)
  }

  @Test func `gives the same bits on any number of threads`() throws {
    let set = try EvaluationFixtures.set(detections: "detections-many-per-image.json", withKeypoints: true)
    let before = COCOKeypointsMetric.evaluate(set, sigmas: Skeleton.cocoSigmas)
    for count in [1, 3, 7] {
      let usual = Device.threads
      Device.setThreads(count)
      let evaluation = COCOKeypointsMetric.evaluate(set, sigmas: Skeleton.cocoSigmas)
      Device.setThreads(usual)
      #expect(evaluation.precision == before.precision && evaluation.recall == before.recall)
      #expect(evaluation.matches.labels == before.matches.labels)
    }
  }
}
