import Interchange
import Metrics
import PoseCore
import Testing

@Suite struct `YOLO metrics` {
  @Test(arguments: EvaluationFixtures.caseNames)
  func `give the reference validator's figures`(name: String) throws {
    let expected = EvaluationFixtures.results["cases"][name]["reference_validator"]
    guard expected.exists else { return }
    let metric = YOLOMap(skeleton: .cocoPerson, classNames: ["person"])
    let set = try EvaluationFixtures.set(detections: "detections-\(name).json", withKeypoints: true)
    for image in set.evaluatedImages() { metric.update(image) }
    let report = metric.compute()
    #expect(expected.figures.count == 9)
    for (name, value) in expected.figures {
      #expect(abs((report[name] ?? 9) - value) < 1e-6, "\(name): \(report[name] ?? .nan) instead of \(value)")
    }
  }

  @Test func `draw curves that lead to the figures`() throws {
    let metric = YOLOMap(skeleton: .cocoPerson, classNames: ["person"])
    let set = try EvaluationFixtures.set(detections: "detections-correlated.json", withKeypoints: true)
    for image in set.evaluatedImages() { metric.update(image) }
    let report = metric.compute()
    #expect(
      report.curves.map(\.name) == [
        "BoxPR", "BoxF1", "BoxP", "BoxR", "PosePR", "PoseF1", "PoseP", "PoseR",
      ])
    for curve in report.curves {
      #expect(curve.x.count == 1000 && curve.mean.count == 1000)
      #expect(curve.series.map(\.label) == ["person"])
    }
    let f1 = try #require(report.curves.first { $0.name == "PoseF1" })
    let best = try #require(f1.mean.indices.max { f1.mean[$0] < f1.mean[$1] })
    let precision = try #require(report.curves.first { $0.name == "PoseP" }).series[0].y[best]
    #expect(precision == report["metrics/precision(P)"])
    metric.reset()
    #expect(metric.compute()["fitness"] == 0)
  }

  @Test func `leave detections without a finite score out`() {
    let metric = YOLOMap(skeleton: .cocoPerson, classNames: ["person"])
    let image = Scene.image(id: 4, scores: [0.9, .nan], shift: 0)
    metric.update(image)
    let report = metric.compute()
    #expect(report["metrics/precision(P)"] == 1)
    #expect(report.notes.contains("1 detections without a finite score were left out"))
  }
}
