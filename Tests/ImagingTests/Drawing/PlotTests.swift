import Foundation
import Imaging
import Testing

@Suite struct `Plots` {
  /// Draws a figure both ways and checks that something came out.
  func check(_ figure: Figure, _ name: String) throws {
    let image = try figure.image()
    #expect(image.width == Int((Double(figure.size.width) * 1.5).rounded(.up)))
    #expect(Set(image.pixels).count > 2, "not a blank page")
    #expect(try figure.image() == image)
    try keepPicture(figure.pngData(), name + ".png")
    let svg = try figure.svgData()
    #expect(String(decoding: svg.suffix(8), as: UTF8.self).contains("</svg>"))
    try keepPicture(svg, name + ".svg")
  }

  @Test func `show losses and metrics over the epochs`() throws {
    let names = [
      "train/box_loss", "train/pose_loss", "train/kobj_loss", "train/cls_loss", "train/dfl_loss",
      "metrics/precision(P)", "metrics/recall(P)", "metrics/mAP50(P)", "metrics/mAP50-95(P)", "lr/pg0",
    ]
    let curves = names.enumerated().map { index, name in
      TrainingCurve(
        name,
        values: (0..<60).map { epoch in
          let noise = sin(Double(epoch * epoch * (index + 3))) * 0.05
          let decay = exp(-Double(epoch) / 15)
          return name == "lr/pg0"
            ? decay * 1e-4 : index < 5 ? 0.8 + 2 * decay + noise : 0.9 * (1 - decay) + noise / 2
        })
    }
    try check(.results(curves), "results")
  }

  @Test func `show precision over recall with average precisions`() throws {
    let recall = (0...100).map { Double($0) / 100 }
    let curves = ["person", "dog"].enumerated().map { index, name in
      ClassCurve(
        name, x: recall, y: recall.map { max(0, 1 - pow($0, 3 - Double(index))) },
        score: 0.75 - 0.08 * Double(index))
    }
    try check(.precisionRecall(curves, metric: "mAP50 (pose)"), "pr")
    try check(.precisionRecall([curves[0]], metric: "mAP50 (pose)"), "pr-one")
    try check(.confidence(curves, metric: "F1"), "f1")
    let many = (0..<80).map { ClassCurve("class \($0)", x: recall, y: recall.map { 1 - $0 }, score: 0.5) }
    try check(.precisionRecall(many), "pr-many")
  }

  @Test func `show what the labels hold`() throws {
    let names = Array(
      "nose left_eye right_eye left_ear right_ear left_shoulder right_shoulder".split(separator: " "))
    let statistics = LabelStatistics(
      classes: [.init("person", instances: 1234), .init("a dog with a rather long name", instances: 321)],
      boxes: (0..<3000).map { index in
        let t = Double(index) * 0.618
        return .init(
          centerX: 0.5 + 0.3 * sin(t * 7), centerY: 0.6 + 0.25 * sin(t * 3) * sin(t),
          width: 0.1 + 0.1 * sin(t) * sin(t),
          height: 0.3 + 0.2 * sin(t * 1.7))
      },
      keypoints: names.enumerated().map {
        .init(String($1), visible: 900 - 60 * $0, hidden: 100 + 30 * $0, unlabelled: 90 + 7 * $0)
      })
    try check(.labels(statistics), "labels")
  }

  @Test func `survive data that no plot can show`() throws {
    let bad: [[Double]] = [
      [], [3], [.nan], [.nan, .infinity, -.infinity], [2, 2, 2, 2], [0, 0, 0],
      [1, .nan, 3, .nan, .nan, 2, 4],
      [1e300, -1e300], [1e-300, 2e-300], [5e-8, 1e-7, 3e-8], [1e29, -1e29], [1_000_000, 1_000_000.1],
      [-4, -2],
    ]
    var curves = bad.enumerated().map { TrainingCurve("case \($0)", values: $1) }
    curves.append(TrainingCurve("epochs", values: [1, 2], epochs: [.nan, 7]))
    curves.append(TrainingCurve(String(repeating: "a very long name ", count: 30), values: [1, 2, 3]))
    try check(.results(curves), "degenerate")
    try check(.results([]), "nothing")
    for values in bad {
      let curve = ClassCurve("x", x: values, y: values, score: values.first)
      _ = try Figure.precisionRecall([curve, curve]).image()
      _ = try Figure.confidence([curve], metric: "recall").image()
      _ = try Figure.labels(
        LabelStatistics(
          classes: [], boxes: values.map { .init(centerX: $0, centerY: $0, width: $0, height: $0) },
          keypoints: [])
      ).image()
    }
    _ = try Figure.precisionRecall([]).image()
    _ = try Figure.confidence([], metric: "F1").image()
    let counts = LabelStatistics(
      classes: (0..<90).map { .init("class \($0)") }, boxes: [], keypoints: [.init("only", visible: 1)])
    try check(.labels(counts), "labels-degenerate")
  }

  @Test func `smooth without moving constant values or filling gaps`() {
    let constant = TrainingCurve("a", values: [2, 2, 2, 2, 2]).smoothed()
    #expect(constant.allSatisfy { abs($0 - 2) < 1e-12 })
    let gap = TrainingCurve("b", values: [1, .nan, 3]).smoothed(width: 1)
    #expect(gap[1].isNaN)
    // Weights 1 and e^-2.
    #expect(abs(gap[0] - (1 + 3 * exp(-2)) / (1 + exp(-2))) < 1e-12)
  }

  @Test func `count points in the cell they fall into`() {
    let map = HeatMap(
      title: "", x: PlotAxis("x"), y: PlotAxis("y"),
      points: [
        .init(0, 0), .init(0.24, 0.1), .init(1, 1), .init(0.6, 0.3), .init(1.01, 0.5), .init(.nan, 0.5),
      ],
      bins: 4)
    #expect(map.counts == [2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  }
}
