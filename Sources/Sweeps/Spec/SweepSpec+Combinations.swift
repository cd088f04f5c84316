internal import Tensor

extension SweepSpec {
  /// One variant: a level of each axis, or a case.
  struct Combination: Sendable, Equatable {
    /// Index of the level of each axis; of the case in mode `cases`.
    var levels: [Int]
  }

  /// The combinations that are to be run, the baseline first.
  func combinations() -> [Combination] {
    let base = baselineCombination
    let all: [Combination]
    switch mode {
    case .cases: all = cases.indices.map { Combination(levels: [$0]) }
    case .oneAtATime:
      all = axes.indices.flatMap { axis in
        axes[axis].levels.indices.filter { $0 != base.levels[axis] }.map { level in
          var levels = base.levels
          levels[axis] = level
          return Combination(levels: levels)
        }
      }
    case .grid: all = grid()
    case .random: all = sampled(grid().filter { $0 != base && !isExcluded($0) }, samples ?? 0)
    case .successiveHalving:
      let others = grid().filter { $0 != base && !isExcluded($0) }
      all = samples.map { sampled(others, $0) } ?? others
    }
    return ([base] + all.filter { $0 != base }).filter { !isExcluded($0) }
  }

  /// First levels, unless the spec names others.
  var baselineCombination: Combination {
    if mode == .cases {
      return Combination(levels: [cases.firstIndex { $0.name == baseline["case"] } ?? 0])
    }
    return Combination(
      levels: axes.map { axis in axis.levels.firstIndex { $0.name == baseline[axis.name] } ?? 0 })
  }

  /// What a combination sets, axis by axis.
  func overridden(by combination: Combination) -> [Level] {
    mode == .cases
      ? combination.levels.map { cases[$0] } : zip(axes, combination.levels).map { $0.levels[$1] }
  }

  /// What it differs in from the baseline; `baseline` for that itself.
  func name(of combination: Combination) -> String {
    if mode == .cases { return cases[combination.levels[0]].name }
    let base = baselineCombination
    if combination == base { return "baseline" }
    return axes.indices.filter { combination.levels[$0] != base.levels[$0] }
      .map { "\(axes[$0].name)=\(axes[$0].levels[combination.levels[$0]].name)" }.joined(separator: ", ")
  }

  /// Level of each axis.
  func choices(of combination: Combination) -> [RunResult.Choice] {
    mode == .cases
      ? [] : zip(axes, combination.levels).map { RunResult.Choice(axis: $0.name, level: $0.levels[$1].name) }
  }

  func isExcluded(_ combination: Combination) -> Bool {
    exclude.contains { filter in
      if mode == .cases { return filter["case"] == cases[combination.levels[0]].name }
      return !filter.isEmpty
        && filter.allSatisfy { axis, level in
          zip(axes, combination.levels).contains { $0.name == axis && $0.levels[$1].name == level }
        }
    }
  }

  /// All combinations; the last axis changes fastest.
  private func grid() -> [Combination] {
    axes.reduce([Combination(levels: [])]) { combinations, axis in
      combinations.flatMap { combination in
        axis.levels.indices.map { Combination(levels: combination.levels + [$0]) }
      }
    }
  }

  /// So many of them, in the order in which they were.
  private func sampled(_ combinations: [Combination], _ count: Int) -> [Combination] {
    var random = RandomStream(seed: samplingSeed, purpose: .subset)
    let chosen = random.permutation(combinations.count).prefix(count).sorted()
    return chosen.map { combinations[$0] }
  }

  /// How many combinations the grid has, without making them; nil beyond any reason.
  var gridSize: Int? {
    var size = 1
    for axis in axes {
      let (product, overflow) = size.multipliedReportingOverflow(by: axis.levels.count)
      if overflow || product > 1_000_000 { return nil }
      size = product
    }
    return size
  }
}
