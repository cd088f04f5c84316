public import Config
internal import Data
public import PoseCore
public import Training

/// Turns an ablation into its runs and checks each as `poselab train` would.
public struct SweepPlanner: Sendable {
  public let registry: Registry
  /// Checks the model of a run and tells what it costs; what it throws is a fault of the run.
  public let inspect: @Sendable (ExperimentSpec) throws -> RunResult.Cost

  public init(registry: Registry, inspect: @escaping @Sendable (ExperimentSpec) throws -> RunResult.Cost) {
    self.registry = registry
    self.inspect = inspect
  }

  /// Figures over different images cannot be compared.
  private func checkImages(_ spec: SweepSpec, _ runs: [SweepPlan.Run], _ faults: inout DiagnosticList) {
    let kinds = Set(runs.map { $0.spec.options.evaluation.imageSelection })
    if kinds.count > 1 {
      faults.append(
        Diagnostic(
          .error,
          "the runs differ in 'val.images': figures over labelled and over all images cannot be compared; take one",
          at: spec.location))
    }
  }

  /// - Parameter overrides: laid over the base experiment, below what the axes set.
  /// - Throws: a `DiagnosticList` with the faults of all runs, each once.
  public func plan(_ spec: SweepSpec, overriding overrides: [Override] = []) throws -> SweepPlan {
    guard let size = spec.mode == .cases ? spec.cases.count : spec.gridSize, size <= 100_000 else {
      throw DiagnosticList([
        Diagnostic(.error, "this ablation has more than 100,000 combinations", at: spec.location)
      ])
    }
    var faults = DiagnosticList()
    var runs: [SweepPlan.Run] = []
    var notes: [String] = []
    var variants: [String: String] = [:]
    var settings: [String: String]?
    for combination in spec.combinations() {
      let name = spec.name(of: combination)
      let levels = spec.overridden(by: combination)
      guard let base = try experiment(spec, overrides, levels, &faults) else { continue }
      let ablated = base.resolvedForSweep(registry)
      let flat = ablated.flattened
      let differences = settings.map { Self.differences(flat, from: $0) } ?? []
      if settings == nil { settings = flat }
      let identity = Self.identity(ablated)
      if let earlier = variants[identity] {
        notes.append("\(name) is the same experiment as \(earlier), so it is run once")
        continue
      }
      variants[identity] = name
      let cost = try faults.collect { try inspect(base) } ?? RunResult.Cost()
      for seed in spec.seeds {
        var experiment = base
        experiment.options.schedule.seed = seed
        runs.append(
          SweepPlan.Run(
            id: Self.identity(experiment.resolvedForSweep(registry)), variant: name, seed: seed,
            choices: spec.choices(of: combination), spec: experiment, differences: differences, cost: cost))
      }
    }
    checkFigure(spec, runs, &faults)
    checkImages(spec, runs, &faults)
    try Self.unique(faults).throwErrors()
    if runs.isEmpty {
      throw DiagnosticList([Diagnostic(.error, "this ablation has no runs", at: spec.location)])
    }
    let kept = withinBudget(runs, spec, &notes)
    return SweepPlan(
      spec: spec, baseline: kept[0].variant, runs: kept, notes: notes,
      document: spec.text(overriding: overrides))
  }

  private static let byKeypoint = "keypoint_oks"

  /// One variant's experiment, without its seed; nil if it is faulty.
  private func experiment(
    _ spec: SweepSpec, _ overrides: [Override], _ levels: [SweepSpec.Level], _ faults: inout DiagnosticList
  ) throws -> ExperimentSpec? {
    for override in levels.flatMap(\.overrides) where ["seed", "train.seed"].contains(override.dottedPath) {
      faults.append(
        Diagnostic(.error, "seeds are given under 'seeds', not by a level", at: override.pathLocation))
    }
    let changes = overrides.filter { $0.path.first != "ablation" } + levels.flatMap(\.overrides)
    return try faults.collect {
      var experiment = try ExperimentSpec(
        spec.experiment, overriding: changes, for: .train, registry: registry)
      // Reports draw the predictions, and tell the similarity of each keypoint.
      experiment.options.evaluation.saveJSON = true
      if registry.metrics.names.contains(Self.byKeypoint),
        !experiment.metrics.contains(where: { $0.name == Self.byKeypoint })
      {
        experiment.metrics.append(ComponentSpec(name: Self.byKeypoint))
      }
      return experiment
    }
  }

  /// A figure that no metric of the runs gives would only be missed at the end.
  private func checkFigure(_ spec: SweepSpec, _ runs: [SweepPlan.Run], _ faults: inout DiagnosticList) {
    let metric = String(spec.figure.prefix { $0 != "/" })
    let known = Set(runs.flatMap { $0.spec.metrics.map(\.name) })
    guard let first = runs.first, !first.spec.metrics.contains(where: { $0.name == metric }) else { return }
    var hint = suggestion(for: metric, among: known)
    if hint.isEmpty { hint = "; they compute \(known.sorted().joined(separator: ", "))" }
    faults.append(
      Diagnostic(
        .error, "the runs do not compute the metric '\(metric)' of 'figure'\(hint)", at: spec.location))
  }

  private func withinBudget(
    _ runs: [SweepPlan.Run], _ spec: SweepSpec, _ notes: inout [String]
  ) -> [SweepPlan.Run] {
    var kept: [SweepPlan.Run] = []
    var epochs = 0
    let runs = affordable(runs, spec, &notes)
    for run in runs {
      let isBeyond =
        kept.count >= spec.budget.runs ?? .max
        || (spec.mode != .successiveHalving && epochs + run.epochs > spec.budget.epochs ?? .max)
      if isBeyond && !kept.isEmpty {
        notes.append("beyond the budget: \(run.variant), seed \(run.seed)")
        continue
      }
      epochs += run.epochs
      kept.append(run)
    }
    return kept
  }

  /// In successive halving, the first variants whose rungs fit together into the budget of epochs.
  private func affordable(
    _ runs: [SweepPlan.Run], _ spec: SweepSpec, _ notes: inout [String]
  ) -> [SweepPlan.Run] {
    guard spec.mode == .successiveHalving, let limit = spec.budget.epochs else { return runs }
    var kept = runs
    while let last = kept.last?.variant, last != kept.first?.variant,
      SweepPlan.epochs(of: kept, spec) > limit
    {
      kept.removeAll { $0.variant == last }
      notes.append("beyond the budget: \(last)")
    }
    return kept
  }

  /// Hash of a resolved spec.
  private static func identity(_ tree: Node) -> String {
    var hash = ContentHash()
    hash.add(YAMLWriter().text(tree))
    return String(hash.text.prefix(16))
  }

  private static func differences(_ values: [String: String], from base: [String: String]) -> [String] {
    Set(values.keys).union(base.keys).sorted().filter { values[$0] != base[$0] }
      .map { "\($0)=\(values[$0] ?? "(none)")" }
  }

  /// A fault of the base experiment is one fault, however many runs have it.
  private static func unique(_ faults: DiagnosticList) -> DiagnosticList {
    var seen: Set<String> = []
    return DiagnosticList(faults.diagnostics.filter { seen.insert($0.description).inserted })
  }
}

extension ExperimentSpec {
  /// What the run's numbers depend on: the resolved spec without folders and what the machine decides.
  func resolvedForSweep(_ registry: Registry) -> Node {
    var spec = self
    let run = spec.options.run
    spec.options.run = RunOptions()
    spec.options.run.validate = run.validate
    spec.options.schedule.pauseAfter = nil
    spec.options.execution.threads = nil
    spec.options.execution.workers = ExecutionOptions().workers
    spec.options.execution.cache = ExecutionOptions().cache
    return spec.resolved(registry).removing("predict").removing("log")
  }
}

extension Node {
  /// Every plain value under its dotted path.
  var flattened: [String: String] {
    var found: [String: String] = [:]
    flatten(into: &found, under: "")
    return found
  }

  private func flatten(into found: inout [String: String], under path: String) {
    let prefix = path.isEmpty ? "" : path + "."
    switch value {
    case .mapping(let entries):
      for entry in entries { entry.value.flatten(into: &found, under: prefix + entry.key) }
    case .sequence(let nodes) where nodes.contains(where: \.isNested):
      for (index, node) in nodes.enumerated() { node.flatten(into: &found, under: prefix + String(index)) }
    default: found[path] = YAMLWriter().text(self).trimmingNewline
    }
  }

  private var isNested: Bool {
    switch value {
    case .mapping, .sequence: true
    default: false
    }
  }
}

extension String {
  fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
