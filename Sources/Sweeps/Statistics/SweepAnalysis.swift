internal import Training

/// What a sweep found, in numbers: every variant's figures and costs, and how it differs from the baseline.
public struct SweepAnalysis: Sendable {
  /// The runs of one variant together.
  public struct Variant: Sendable {
    public var name: String
    public var isBaseline: Bool
    /// In what it differs from the baseline.
    public var changes: [RunResult.Choice]
    public var runs: [RunResult]
    /// Figures over the seeds that have them, by path.
    public var figures: [String: SampleSummary]
    /// Means over finished runs.
    public var cost: Cost
    /// Nil for the baseline, and where one of the two has no figure.
    public var difference: Difference?

    public var finished: [RunResult] { runs.filter { $0.state == .finished } }
  }

  /// Mean costs; nil where unknown.
  public struct Cost: Sendable, Equatable {
    public var parameters: Double?
    public var gigaflops: Double?
    public var latency: Double?
    public var trainingSeconds: Double?
  }

  /// A variant against the baseline.
  public struct Difference: Sendable {
    /// Mean over seeds of the variant less that of the baseline.
    public var estimate: Double
    /// 95 %, of the choice of validation images; nil if the runs' images do not tell.
    public var interval: Interval?
    /// Over seeds.
    public var test: PermutationTest
    /// The test's p-value after Holm's correction for all variants compared; NaN where no test could say anything.
    public var correctedPValue: Double
  }

  /// The baseline first.
  public let variants: [Variant]
  /// Paths of the figures of the table, the deciding one first.
  public let figures: [String]
  public let factorial: FactorialAnalysis?
  /// Intervals of the effects from the bootstrap over images, in the order of `factorial.effects`.
  public let effectIntervals: [Interval?]
  /// Validation images that intervals are drawn from; 0 without.
  public let imageCount: Int
  /// What a reader must know of the numbers.
  public let notes: [String]

  /// - Parameters:
  ///   - samples: of the bootstrap.
  ///   - seed: of the bootstrap, and of permutation tests with too many deals to look at all.
  public init(_ results: SweepResults, samples: Int = 2000, seed: UInt64 = 0) {
    let figures = FigurePath.columns(of: results)
    self.figures = figures
    var notes: [String] = []
    let baselineChoices = results.runs(of: results.baseline).first?.choices ?? []
    let bootstrap = PairedImages(results, samples: samples, seed: seed)
    notes += bootstrap.notes
    imageCount = bootstrap.bootstrap?.imageCount ?? 0

    func values(_ runs: [RunResult]) -> [Double] {
      runs.compactMap { $0.state == .finished ? $0[figure: results.figure] : nil }.filter(\.isFinite)
    }
    let baseline = values(results.runs(of: results.baseline))
    var variants: [Variant] = results.variants.map { name in
      let runs = results.runs(of: name)
      var variant = Variant(
        name: name, isBaseline: name == results.baseline,
        changes: (runs.first?.choices ?? []).filter { !baselineChoices.contains($0) }, runs: runs,
        figures: [:], cost: Self.cost(runs))
      for path in figures {
        variant.figures[path] = SampleSummary(
          runs.compactMap { $0.state == .finished ? $0[figure: path] : nil })
      }
      let own = values(runs)
      if !variant.isBaseline, !own.isEmpty, !baseline.isEmpty {
        variant.difference = Difference(
          estimate: SampleSummary(own).mean - SampleSummary(baseline).mean,
          interval: bootstrap.interval(name, minus: results.baseline),
          test: PermutationTest(own, baseline, seed: seed), correctedPValue: .nan)
      }
      return variant
    }
    // A test that could not come out below 1 is none.
    let tests = variants.map { $0.difference?.test }
    let compared = tests.indices.filter { (tests[$0]?.smallestReachable ?? 1) < 1 }
    let corrected = HolmCorrection.adjusted(compared.map { tests[$0]?.pValue ?? .nan })
    for (index, value) in zip(compared, corrected) { variants[index].difference?.correctedPValue = value }
    self.variants = variants

    if baseline.isEmpty && variants.count > 1 {
      notes.append("No run of the baseline has a figure, so nothing is compared with it.")
    }
    notes += Self.testNotes(variants, compared)
    let runs = results.runs.filter { $0.state == .finished }.compactMap { run in
      run[figure: results.figure].map { value in
        (
          levels: Dictionary(run.choices.map { ($0.axis, $0.level) }) { first, _ in first }, value: value
        )
      }
    }
    factorial = FactorialAnalysis(axes: results.axes, runs: runs)
    effectIntervals = (factorial?.effects ?? []).map { effect in
      guard let axis = results.axes.first(where: { $0.name == effect.axis }),
        effect.level != axis.levels.first
      else { return nil }
      return bootstrap.effectInterval(axis, level: effect.level, results)
    }
    self.notes = notes
  }

  private static func cost(_ runs: [RunResult]) -> Cost {
    func mean(_ value: (RunResult.Cost) -> Double?) -> Double? {
      let values = runs.filter { $0.state == .finished }.compactMap { value($0.cost) }.filter(\.isFinite)
      return values.isEmpty ? nil : SampleSummary(values).mean
    }
    return Cost(
      parameters: mean { $0.parameters.map(Double.init) }, gigaflops: mean(\.gigaflops),
      latency: mean(\.latency), trainingSeconds: mean(\.trainingSeconds))
  }

  private static func testNotes(_ variants: [Variant], _ compared: [Int]) -> [String] {
    let differences = variants.compactMap(\.difference)
    guard !differences.isEmpty else { return [] }
    guard !compared.isEmpty else {
      return ["One seed a variant: no test over seeds can be made, and the spread between seeds is unknown."]
    }
    let least = compared.compactMap { variants[$0].difference?.test.smallestReachable }.min() ?? 1
    let all = min(1, least * Double(compared.count))
    var text =
      "With these numbers of seeds the permutation test cannot give less than p = \(ReportNumber.pValue(least))"
    if compared.count > 1 {
      text += ", after correction for \(compared.count) comparisons \(ReportNumber.pValue(all))"
    }
    text += "."
    if all > 0.05 {
      text += " A value above 0.05 is therefore no sign that nothing differs: take more seeds."
    }
    return [text]
  }
}
