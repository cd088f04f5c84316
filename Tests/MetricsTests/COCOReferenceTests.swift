import Interchange
import Metrics
import PoseCore
import Testing

@Suite struct `COCO metrics` {
  @Test(arguments: EvaluationFixtures.caseNames)
  func `give pycocotools' keypoint figures`(name: String) throws {
    let expected = EvaluationFixtures.results["cases"][name]["keypoints"]
    let set = try EvaluationFixtures.set(detections: "detections-\(name).json", withKeypoints: true)
    let evaluation = COCOKeypointsMetric.evaluate(set, sigmas: Skeleton.cocoSigmas)
    expect(COCOKeypointsMetric.report(evaluation, sigmaNote: ""), expected["stats"])
    expectThresholds(evaluation, expected)
  }

  @Test(arguments: EvaluationFixtures.caseNames)
  func `give pycocotools' box figures`(name: String) throws {
    let expected = EvaluationFixtures.results["cases"][name]["bbox"]
    guard expected.exists else { return }
    let set = try EvaluationFixtures.set(detections: "detections-\(name).json", withKeypoints: false)
    let evaluation = COCOBoxMetric.evaluate(set)
    expect(COCOBoxMetric.report(evaluation), expected["stats"])
    expectThresholds(evaluation, expected)
  }

  @Test func `serve other skeletons, several categories and ids out of order`() throws {
    let expected = EvaluationFixtures.results["five_point"]
    let sigmas = expected["sigmas"].numbers
    func set(_ withKeypoints: Bool) throws -> EvaluationSet {
      try EvaluationFixtures.set(
        "five-point-ground-truth.json", detections: "five-point-detections.json", withKeypoints: withKeypoints
      )
    }
    let keypoints = COCOKeypointsMetric.evaluate(try set(true), sigmas: sigmas)
    let report = COCOKeypointsMetric.report(keypoints, sigmaNote: "")
    expect(report, expected["keypoints"]["stats"])
    expectThresholds(keypoints, expected["keypoints"])
    let boxes = COCOBoxMetric.evaluate(try set(false))
    expect(COCOBoxMetric.report(boxes), expected["bbox"]["stats"])
    expectThresholds(boxes, expected["bbox"])
    #expect(report.classes.map(\.classIndex) == [3, 7])
    for category in report.classes {
      let reference =
        expected["keypoints"]["ap_per_category"]["\(category.classIndex)"].number
        ?? expected["ap_per_category"]["\(category.classIndex)"].number
      #expect(abs((category["AP"] ?? 2) - (reference ?? -2)) < 1e-9)
    }
  }

  @Test func `compare keypoints as pycocotools does`() throws {
    let expected = EvaluationFixtures.results["oks"]
    let file = try SafetensorsFile(path: EvaluationFixtures.path("oks.safetensors"))
    let set = try EvaluationFixtures.set(detections: "detections-many-per-image.json", withKeypoints: true)
    let similarity = ObjectKeypointSimilarity(sigmas: Skeleton.cocoSigmas)
    #expect(!expected["images"].keys.isEmpty)
    for image in expected["images"].keys {
      let (_, reference) = try file.doubles(named: "oks/\(image)")
      let detections = expected["images"][image]["detection_index_in_file"].integers
      let labels = try expected["images"][image]["ground_truth_ids"].integers.map { id in
        try #require(set.groundTruths.ids.firstIndex(of: id))
      }
      var index = 0
      for detection in detections {
        for label in labels {
          let terms = similarity.terms(
            detection: set.detections.keypoints[(34 * detection)..<(34 * detection + 34)],
            label: set.groundTruths.keypoints[(51 * label)..<(51 * label + 51)],
            box: set.groundTruths.boxes[(4 * label)..<(4 * label + 4)], area: set.groundTruths.areas[label])
          let counting = terms.filter { !$0.isNaN }
          let mean = counting.reduce(0, +) / Double(counting.count)
          #expect(abs(mean - reference[index]) < 1e-12)
          index += 1
        }
      }
      #expect(index == reference.count)
    }
  }

  @Test func `tell which label each detection took`() throws {
    let set = try EvaluationFixtures.set(detections: "detections-perfect.json", withKeypoints: true)
    let matches = COCOKeypointsMetric.evaluate(set, sigmas: Skeleton.cocoSigmas).matches
    #expect(matches.detections.count == 92)
    for slot in matches.detections.indices {
      #expect(matches.bestSimilarities[slot] == 1)
      let label = Int(matches.labels[9][slot])
      #expect(set.groundTruths.images[label] == set.detections.images[Int(matches.detections[slot])])
    }
  }

  private func expect(_ report: MetricReport, _ reference: JSON) {
    #expect(report.values.count == reference.figures.count)
    for (name, value) in reference.figures {
      #expect(abs((report[name] ?? 9) - value) < 1e-9, "\(name): \(report[name] ?? .nan) instead of \(value)")
    }
  }

  private func expectThresholds(_ evaluation: COCOEvaluation, _ reference: JSON) {
    for (index, value) in reference["ap_per_threshold_all"].numbers.enumerated() {
      #expect(abs(evaluation.averagePrecision(threshold: index) - value) < 1e-9)
    }
    for (index, value) in reference["ar_per_threshold_all"].numbers.enumerated() {
      #expect(abs(evaluation.averageRecall(threshold: index) - value) < 1e-9)
    }
  }
}
