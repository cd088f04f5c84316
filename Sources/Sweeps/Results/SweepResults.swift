/// A sweep, or any set of runs, with everything a report needs.
public struct SweepResults: Sendable, Codable, Equatable {
  /// An ablation axis: what is varied, and its levels in order. The first is the baseline's.
  public struct Axis: Sendable, Codable, Equatable {
    public var name: String
    public var levels: [String]

    public init(name: String, levels: [String]) {
      self.name = name
      self.levels = levels
    }
  }

  public var name: String
  /// `grid`, `one_at_a_time`, `cases`, `random` or `successive_halving`; `runs` for runs put together by hand.
  public var mode: String
  /// Empty for cases and for runs put together by hand.
  public var axes: [Axis]
  /// The variant that all others are compared with.
  public var baseline: String
  /// The figure that decides, such as `coco_keypoints/AP`.
  public var figure: String
  /// In the order of the plan: variant by variant, seeds within.
  public var runs: [RunResult]

  public init(
    name: String, mode: String, axes: [Axis] = [], baseline: String, figure: String, runs: [RunResult]
  ) {
    self.name = name
    self.mode = mode
    self.axes = axes
    self.baseline = baseline
    self.figure = figure
    self.runs = runs
  }

  /// Names of the variants, the baseline first, the others in the order of the plan.
  public var variants: [String] {
    var names = [baseline]
    for run in runs where !names.contains(run.variant) { names.append(run.variant) }
    return names.filter { name in runs.contains { $0.variant == name } }
  }

  public func runs(of variant: String) -> [RunResult] { runs.filter { $0.variant == variant } }
}
