import Foundation
import Sweeps
import Testing
import Training

@Suite struct `The record of a run` {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test func `reads whatever is there`() throws {
    #expect(try RunRecord(folder: scratch.file("nothing")).epochs.isEmpty)
    try scratch.write("{\"epoch\":1,\"time\":2.5,\"train/box\":null,\"best\":true}\n", to: "metrics.jsonl")
    try scratch.write("train: {}\n", to: "experiment.yaml")
    var record = try RunRecord(folder: scratch.path)
    #expect(record.ending == nil && record.seconds == nil && record.metrics.isEmpty && record.images == nil)
    #expect(record.epochs.count == 1 && record.epochs[0].trainLosses[0].value.isNaN)
    #expect(record.epochs[0].seconds == 2.5 && record.epochs[0].isBest)
    #expect(record.spec == "train: {}\n")

    try scratch.write(
      "{\"ending\":\"stoppedEarly\",\"seconds\":9,\"metrics\":{\"b\":{\"y\":0.5,\"x\":1,\"z\":null},\"a\":{}}}",
      to: "summary.json")
    record = try RunRecord(folder: scratch.path)
    #expect(record.ending == .stoppedEarly && record.seconds == 9)
    #expect(record.metrics.map(\.metric) == ["a", "b"])
    #expect(record.metrics[1].values.map(\.name) == ["x", "y"])
    #expect(record.metrics[1].values.map(\.value) == [1, 0.5])
  }

  @Test func `is refused where someone has damaged its files`() throws {
    try scratch.write("{\"epoch\":1,", to: "metrics.jsonl")
    #expect(throws: (any Error).self) { try RunRecord(folder: scratch.path) }
  }
}

@Suite struct `The difference of two runs` {
  private func run(_ spec: String, _ environment: String, _ figures: [(String, Double)]) -> RunResult {
    RunResult(
      id: "", variant: "", seed: 0, directory: "", command: "", spec: spec, environment: environment,
      figures: figures.map { .init(metric: "coco_keypoints", name: $0.0, value: $0.1) })
  }

  @Test func `names settings, surroundings and figures that are not the same`() {
    let first = run(
      "train: {lr0: 0.01, epochs: 3}\nmetrics: [a, {type: b, k: 1}]\n", "{\"cpu\":\"x\",\"threads\":1}",
      [("AP", 0.5), ("AR", 0.25)])
    let second = run(
      "train: {lr0: 0.02, epochs: 3}\nmetrics: [a, {type: b, k: 2}]\n",
      "{\"cpu\":\"x\",\"threads\":2,\"host\":\"h\"}", [("AP", 0.75), ("AR", 0.25), ("AP50", 1)])
    let difference = RunDifference(first, second)
    #expect(difference.spec.map(\.name) == ["metrics.1.k", "train.lr0"])
    #expect(difference.spec.map(\.first) == ["1", "0.01"] && difference.spec.map(\.second) == ["2", "0.02"])
    #expect(difference.environment.map(\.name) == ["host", "threads"])
    #expect(difference.environment[0].first == nil && difference.environment[0].second == "h")
    #expect(difference.figures.map(\.name) == ["coco_keypoints/AP", "coco_keypoints/AP50"])
    #expect(difference.figures.map(\.first) == [0.5, nil] && difference.figures.map(\.second) == [0.75, 1])
  }

  @Test func `is none between a run and itself`() {
    let one = run("train: {lr0: 0.01}", "{}", [("AP", 0.5)])
    #expect(RunDifference(one, one).spec.isEmpty)
    #expect(RunDifference(one, one).figures.isEmpty)
  }
}
