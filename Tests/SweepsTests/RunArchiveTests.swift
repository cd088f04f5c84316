import Foundation
import PoseLab
import Sweeps
import Testing

@Suite struct `The archive of runs` {
  let scratch: Scratch
  let archive: RunArchive

  init() throws {
    scratch = try Scratch()
    archive = try RunArchive(scratch.file("results.sqlite"))
  }

  /// Writes a run's folder as a training leaves it.
  private func train(
    _ name: String, epochs: Int, ap: Double? = nil, seed: Int = 0, lr0: Double = 0.01
  ) throws {
    try scratch.write(
      "train: {lr0: \(lr0), seed: \(seed)}\nlog: {name: \(name)}\n", to: name + "/experiment.yaml")
    let lines = (1...epochs).map { "{\"epoch\":\($0),\"time\":2.5,\"train/box\":1}\n" }
    try scratch.write(lines.joined(), to: name + "/metrics.jsonl")
    guard let ap else { return }
    try scratch.write(
      "{\"ending\":\"completed\",\"seconds\":9,\"metrics\":{\"coco_keypoints\":{\"AP\":\(ap)}}}",
      to: name + "/summary.json")
  }

  @Test func `brings a run up to date that is entered again after it was continued`() throws {
    try train("one", epochs: 2)
    #expect(try archive.add(scratch.file("one")).state == .interrupted)
    try train("one", epochs: 5, ap: 0.25)
    let again = try archive.add(scratch.file("one"))
    #expect(again.state == .finished && again.epochs.count == 5)
    let stored = try #require(try archive.store.run(in: scratch.file("one")))
    #expect(stored == again && stored[figure: "coco_keypoints/AP"] == 0.25)
    #expect(stored.cost.trainingSeconds == 9)
  }

  @Test func `leaves a run of a sweep in its place there`() throws {
    let sweep = ResultStore.Sweep(
      directory: scratch.file("sweep"), name: "necks", mode: "grid", axes: [], baseline: "baseline",
      figure: "coco_keypoints/AP", spec: "")
    let names = ["a", "b"].map { scratch.file($0) }
    try archive.store.save(sweep, runs: names)
    for (position, name) in names.enumerated() {
      try archive.store.save(
        RunResult(
          id: name, variant: "v\(position)", seed: 3, choices: [.init(axis: "neck", level: "fpn")],
          state: .failed, reason: "ended with code 1", directory: name, command: "x", spec: "",
          cost: .init(parameters: 12)), sweep: sweep.directory, position: position)
    }
    try train("a", epochs: 1)
    try train("b", epochs: 3, ap: 0.5)
    try FileManager.default.removeItem(atPath: scratch.file("a/metrics.jsonl"))
    // Nothing has been trained since it failed.
    #expect(try archive.add(scratch.file("a")).state == .failed)
    #expect(try archive.add(scratch.file("b")).state == .finished)
    let results = try #require(try archive.store.results(of: sweep.directory))
    #expect(results.runs.map(\.variant) == ["v0", "v1"])
    #expect(results.runs.map(\.reason) == ["ended with code 1", nil])
    #expect(results.runs[1].cost.parameters == 12 && results.runs[1].choices.count == 1)
    try train("a", epochs: 2)
    #expect(try archive.add(scratch.file("a")).state == .interrupted)
  }

  @Test func `puts runs together, those that differ in the seed alone as one variant`() throws {
    try train("train", epochs: 1, ap: 0.5, seed: 0)
    try train("train-2", epochs: 1, ap: 0.6, seed: 1)
    try train("fast", epochs: 1, ap: 0.7, seed: 0, lr0: 0.02)
    try train("other/fast", epochs: 1, ap: 0.8, seed: 0, lr0: 0.04)
    let names = ["train", "train-2", "fast", "other/fast", "train"].map(scratch.file)
    let results = try archive.results(names)
    #expect(results.runs.map(\.variant) == ["train", "train", "fast", "other/fast"])
    #expect(results.baseline == "train" && results.mode == "runs")
    #expect(results.runs.map(\.seed) == [0, 1, 0, 0])
  }

  @Test func `names what is near to a wrong name`() throws {
    try train("training", epochs: 1, ap: 0.5)
    try archive.add(scratch.file("training"))
    func fault(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(fault { _ = try archive.results(["trainnig"]) }.contains("did you mean 'training'?"))
    #expect(fault { _ = try archive.run(named: "trainnig") }.contains("did you mean 'training'?"))
    #expect(
      fault { _ = try archive.results(["training"], figure: "coco_keypoint/AP") }
        .contains("no run has the figure 'coco_keypoint/AP'; did you mean 'coco_keypoints/AP'?"))
    #expect(fault { try archive.add(scratch.path) }.contains("this folder holds no run"))
    let missing = fault { _ = try RunArchive(scratch.file("reslts.sqlite"), mayBegin: false) }
    #expect(missing.contains("there is no database of results") && missing.contains("results.sqlite'?"))
  }
}
