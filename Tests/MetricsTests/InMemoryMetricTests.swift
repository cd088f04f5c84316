import Metrics
import PoseCore
import Testing

@Suite struct `COCO metrics in memory` {
  @Test(arguments: ["correlated", "tied-scores", "many-per-image", "mixed-with-crowd"])
  func `agree with evaluating the files`(name: String) throws {
    let set = try EvaluationFixtures.set(detections: "detections-\(name).json", withKeypoints: true)
    let keypoints = COCOKeypointsMetric(skeleton: .cocoPerson, classNames: ["person"])
    let boxes = COCOBoxMetric(classNames: ["person"])
    for image in set.evaluatedImages().reversed() {
      keypoints.update(image)
      boxes.update(image)
    }
    let expected = EvaluationFixtures.results["cases"][name]
    for (metric, reference) in [(keypoints as any Metric, "keypoints"), (boxes, "bbox")] {
      let report = metric.compute()
      for (name, value) in expected[reference]["stats"].figures {
        #expect(
          abs((report[name] ?? 9) - value) < 1e-5, "\(metric.name) \(name): \(report[name] ?? .nan) \(value)")
      }
    }
  }

  @Test func `never take a keypoint that is no number for a match`() {
    let metric = COCOKeypointsMetric(skeleton: .cocoPerson, classNames: ["person"])
    metric.update(Scene.image(id: 1, scores: [0.9], shift: .nan))
    let report = metric.compute()
    #expect(report["AP"] == 0)
    #expect(report.notes.contains("1 detections have a number that is NaN or infinite; they match nothing"))
  }

  @Test func `leave detections without a finite score out`() {
    let metric = COCOKeypointsMetric(skeleton: .cocoPerson, classNames: ["person"])
    metric.update(Scene.image(id: 1, scores: [.nan, 0.5], shift: 0))
    // Not quite 1: the reference adds 2⁻⁵² to the divisor of precision.
    #expect(metric.compute()["AP"] == 1 - 0x1p-52)
  }

  @Test func `take labels of id 0 for labels`() {
    let metric = COCOKeypointsMetric(skeleton: .cocoPerson, classNames: ["person"])
    metric.update(Scene.image(id: 0, scores: [0.5], shift: 0))
    // Not quite 1: the reference adds 2⁻⁵² to the divisor of precision.
    #expect(metric.compute()["AP"] == 1 - 0x1p-52)
  }

  @Test func `have no figures without labels`() {
    let metric = COCOKeypointsMetric(skeleton: .cocoPerson, classNames: ["person"])
    #expect(metric.compute()["AP"] == -1)
    metric.update(Scene.image(id: 1, scores: [], shift: 0))
    #expect(metric.compute()["AP"] == 0)
    metric.reset()
    #expect(metric.compute()["AR"] == -1)
  }

  @Test func `say where sigmas come from`() {
    var skeleton = Skeleton.cocoPerson
    skeleton.sigmaSource = .uniform
    let note = COCOKeypointsMetric(skeleton: skeleton, classNames: []).compute().notes[0]
    #expect(note == "sigmas: 1/17 for every keypoint, for want of measured ones; far laxer than COCO's")
    #expect(skeleton.evaluationSigmas == Array(repeating: 1 / 17.0, count: 17))
    skeleton.sigmaSource = .dataset
    skeleton.sigmas[3] = 0.041
    #expect(skeleton.evaluationSigmas[3] == 0.041)
  }
}
