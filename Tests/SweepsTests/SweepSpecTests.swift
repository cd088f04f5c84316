import Config
import Sweeps
import Testing

@Suite struct `An ablation's section` {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  /// The faults that are found, each as `line: message`.
  private func faults(_ section: String) throws -> [String] {
    do {
      _ = try scratch.spec(section)
      return []
    } catch let list as DiagnosticList {
      return list.diagnostics.map { "\($0.location?.line ?? 0): \($0.message)" }
    }
  }

  private let axes = """
    axes:
      augment: {standard: {}, plain: {mosaic: 0}}
      train.lr0: [0.01, 0.005]

    """

  @Test func `reads axes, seeds, budget and limits`() throws {
    let spec = try scratch.spec(
      axes + """
        seeds: [4, 2]
        figure: yolo_map/metrics/mAP50-95(P)
        baseline: {train.lr0: 0.005}
        budget: {epochs: 100, minutes: 2.5, runs: 3}
        limits: {minutes: 30, silent_minutes: 2}
        """)
    #expect(spec.name == "ablation")
    #expect(spec.mode == .grid)
    #expect(spec.axes.map(\.name) == ["augment", "train.lr0"])
    #expect(spec.axes.map { $0.levels.map(\.name) } == [["standard", "plain"], ["0.01", "0.005"]])
    #expect(spec.axes[0].levels[1].overrides.map(\.dottedPath) == ["mosaic"])
    #expect(spec.axes[1].levels[1].overrides.map(\.dottedPath) == ["train.lr0"])
    #expect(spec.seeds == [4, 2])
    #expect(spec.baseline == ["train.lr0": "0.005"])
    #expect(spec.budget == SweepSpec.Budget(epochs: 100, minutes: 2.5, runs: 3))
    #expect(spec.limits == SweepSpec.Limits(minutes: 30, silentMinutes: 2))
    #expect(spec.experiment["ablation"] == nil && spec.experiment["model"] != nil)
  }

  @Test func `takes a number of seeds for the first so many`() throws {
    #expect(try scratch.spec(axes + "seeds: 3").seeds == [0, 1, 2])
    #expect(try scratch.spec(axes).seeds == [0])
    #expect(try faults(axes + "seeds: [1, 1]") == ["8: seed 1 is there twice"])
    #expect(try faults(axes + "seeds: 0").count == 1)
  }

  @Test func `names what is near to a wrong name`() throws {
    #expect(
      try faults(axes + "baseline: {augmnt: plain}") == ["8: no axis 'augmnt'; did you mean 'augment'?"])
    #expect(
      try faults(axes + "exclude: [{augment: plian}]")
        == ["8: axis 'augment' has no level 'plian'; did you mean 'plain'?"])
    #expect(try faults(axes + "mode: gird").first?.contains("did you mean 'grid'?") == true)
    #expect(try faults(axes + "sedes: 3").first?.contains("did you mean 'seeds'?") == true)
    #expect(
      try faults("cases: {one: {}, two: {mosaic: 0}}\nbaseline: tow")
        == ["6: no case 'tow'; did you mean 'two'?"])
  }

  @Test(arguments: [
    ("mode: random\n", "mode 'random' needs 'samples'"),
    ("cases: {one: {}}\nmode: grid\n", "'cases' needs mode 'cases'"),
    ("figure: AP\n", "'figure' is written METRIC/NAME, like coco_keypoints/AP, but is 'AP'"),
    (
      "exclude: [{augment: standard}]\n", "the baseline is excluded, and nothing would be compared with it"
    ),
  ])
  func `says what does not fit together`(lines: String, message: String) throws {
    #expect(try faults(axes + lines).map { $0.drop { $0 != " " }.dropFirst() } == [message[...]])
  }

  @Test func `wants two levels of an axis, each once`() throws {
    #expect(try faults("axes: {train.lr0: [0.01]}") == ["5: axis 'train.lr0' needs two levels or more"])
    #expect(
      try faults("axes: {train.lr0: [0.01, 0.02, 0.01]}") == ["5: axis 'train.lr0' has level '0.01' twice"])
    #expect(try faults("seeds: 2") == ["5: mode 'grid' needs axes"])
  }

  @Test func `is needed`() throws {
    try scratch.write("model: yolo11n-pose.yaml\n", to: "plain.yaml")
    let error = #expect(throws: DiagnosticList.self) {
      try SweepSpec(contentsOf: scratch.file("plain.yaml"), registry: .standard())
    }
    #expect(error?.description.contains("it has no section 'ablation'; run a single experiment") == true)
  }
}
