import Config
import Sweeps
import Testing

@Suite struct `A plan` {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private let axes = """
    axes:
      augment: {standard: {}, plain: {mosaic: 0}}
      rate: {low: {train.lr0: 0.001}, mid: {train.lr0: 0.01}, high: {train.lr0: 0.1}}

    """

  @Test func `crosses all levels of a grid, the baseline first`() throws {
    let plan = try scratch.plan(axes + "baseline: {rate: mid}")
    #expect(plan.baseline == "baseline")
    #expect(
      plan.variants == [
        "baseline", "rate=low", "rate=high", "augment=plain, rate=low", "augment=plain",
        "augment=plain, rate=high",
      ])
    #expect(plan.runs[3].choices.map(\.level) == ["plain", "low"])
    #expect(plan.runs[3].differences == ["augment.mosaic=0.0", "train.lr0=0.001"])
    #expect(plan.runs[0].differences.isEmpty && plan.runs[0].cost.parameters == 7)
  }

  @Test func `changes one axis at a time`() throws {
    let plan = try scratch.plan(axes + "mode: one_at_a_time\nseeds: [5, 3]")
    #expect(plan.variants == ["baseline", "augment=plain", "rate=mid", "rate=high"])
    #expect(plan.runs.map(\.seed) == [5, 3, 5, 3, 5, 3, 5, 3])
    #expect(plan.epochs == 32)
    #expect(Set(plan.runs.map(\.id)).count == 8 && Set(plan.runs.map(\.folder)).count == 8)
    #expect(plan.runs[3].folder.hasPrefix("augment-plain-seed3-"))
  }

  @Test func `takes cases as they are named`() throws {
    let plan = try scratch.plan(
      "cases: {plain: {mosaic: 0}, slow: {train.lr0: 0.001}, base: {}}\nbaseline: base\nexclude: [slow]")
    #expect(plan.baseline == "base")
    #expect(plan.variants == ["base", "plain"])
  }

  @Test func `draws the same combinations for the same seed`() throws {
    let random = axes + "mode: random\nsamples: 2\n"
    let drawn = try (0..<6).map { try scratch.plan(random + "sampling_seed: \($0)").variants }
    #expect(drawn.allSatisfy { $0.count == 3 && $0[0] == "baseline" })
    #expect(try scratch.plan(random + "sampling_seed: 4").variants == drawn[4])
    #expect(Set(drawn).count > 1)
  }

  @Test func `leaves out what is excluded`() throws {
    let plan = try scratch.plan(axes + "exclude: [{augment: plain, rate: high}, {rate: mid}]")
    #expect(plan.variants == ["baseline", "rate=high", "augment=plain"])
  }

  @Test func `runs equal experiments once`() throws {
    let plan = try scratch.plan(
      "axes: {rate: {a: {train.lr0: 0.01}, b: {lr0: 0.010}, c: {lr0: 0.02}}, train.workers: [1, 2]}")
    #expect(plan.variants == ["baseline", "rate=c"])
    #expect(plan.notes.contains { $0.contains("is the same experiment as baseline, so it is run once") })
  }

  @Test func `keeps within its budget, but for one run at least`() throws {
    let plan = try scratch.plan(axes + "seeds: 2\nbudget: {epochs: 13}")
    #expect(plan.runs.count == 3)
    #expect(plan.notes.count == 9 && plan.notes[0] == "beyond the budget: rate=mid, seed 1")
    #expect(try scratch.plan(axes + "budget: {runs: 2}").runs.count == 2)
    #expect(try scratch.plan(axes + "budget: {epochs: 1}").runs.count == 1)
  }

  @Test func `counts the epochs of successive halving`() throws {
    let plan = try scratch.plan(
      axes + "mode: successive_halving\nhalving: {factor: 3, epochs: 2}", base: "train: {epochs: 9}")
    // Six for 2 epochs, two of them and the baseline up to 6, one and the baseline up to 9.
    #expect(plan.epochs == 6 * 2 + 3 * 4 + 2 * 3)
  }

  @Test func `keeps successive halving within its budget of epochs`() throws {
    let section = axes + "mode: successive_halving\nhalving: {factor: 3, epochs: 2}\nseeds: 2\n"
    let plan = try scratch.plan(section + "budget: {epochs: 50}", base: "train: {epochs: 9}")
    // Five would take 2 × (5 × 2 + 3 × 4 + 2 × 3) = 56, four the same less 2 × 2.
    #expect(plan.variants == ["baseline", "rate=mid", "rate=high"])
    #expect(plan.epochs == 2 * (3 * 2 + 2 * 4 + 2 * 3))
    #expect(plan.runs.count == 6 && plan.notes.contains("beyond the budget: augment=plain"))
  }

  @Test func `has every run tell of each keypoint, and keep its predictions`() throws {
    let plan = try scratch.plan(axes, base: "train: {epochs: 2}\nmetrics: [coco_keypoints]")
    #expect(plan.runs.allSatisfy { $0.spec.metrics.map(\.name) == ["coco_keypoints", "keypoint_oks"] })
    #expect(plan.runs.allSatisfy { $0.spec.options.evaluation.saveJSON })
    #expect(plan.runs[1].differences == ["train.lr0=0.01"])
  }

  @Test func `tells each fault once, at its place`() throws {
    let error = #expect(throws: DiagnosticList.self) {
      try scratch.plan(axes + "seeds: 2", base: "train: {epocs: 4}")
    }
    #expect(error?.diagnostics.count == 1)
    #expect(error?.description.contains("ablation.yaml:3:9: error: ") == true)
    #expect(error?.description.contains("did you mean 'epochs'?") == true)
    let seeds = #expect(throws: DiagnosticList.self) { try scratch.plan("axes: {train.seed: [1, 2]}") }
    #expect(seeds?.description.contains("seeds are given under 'seeds', not by a level") == true)
    let figure = #expect(throws: DiagnosticList.self) {
      try scratch.plan(axes + "figure: coco_keypoint/AP")
    }
    #expect(figure?.description.contains("did you mean 'coco_keypoints'?") == true)
  }
}
