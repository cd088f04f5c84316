import PoseCore
import Sweeps
import Testing

@Suite struct `Statistics of sweeps` {
  let fixture: StatisticsFixture

  init() throws { fixture = try StatisticsFixture.read() }

  @Test func `test permutations as SciPy does`() {
    for known in fixture.permutation {
      let test = PermutationTest(known.first, known.second)
      #expect(test.isExact)
      #expect(abs(test.difference - known.difference) < 1e-12)
      #expect(abs(test.pValue - known.p) < 1e-12, "\(known.first) \(known.second)")
    }
  }

  @Test func `cannot reach 0.05 with three seeds each, and say so`() {
    let test = PermutationTest([0.9, 0.91, 0.92], [0.1, 0.11, 0.12])
    #expect(test.deals == 20)
    #expect(test.pValue == 0.1 && test.smallestReachable == 0.1)
    #expect(PermutationTest([0.9], [0.1]).smallestReachable == 1)
    #expect(PermutationTest([], [0.1]).pValue.isNaN)
    #expect(PermutationTest([0.5, .nan], [0.1]).deals == 2)
  }

  @Test func `deal at random where there are too many deals, the same each time`() {
    let first = (0..<12).map { 0.5 + 0.01 * Double($0) }
    let second = (0..<12).map { 0.45 + 0.01 * Double($0) }
    let exact = PermutationTest(first, second, limit: 3_000_000)
    let random = PermutationTest(first, second, limit: 5_000)
    #expect(exact.isExact && !random.isExact)
    #expect(abs(exact.pValue - random.pValue) < 0.02)
    #expect(random == PermutationTest(first, second, limit: 5_000))
    #expect(random != PermutationTest(first, second, limit: 5_000, seed: 1))
  }

  @Test func `correct several tests as Holm does`() {
    for known in fixture.holm {
      for (value, expected) in zip(HolmCorrection.adjusted(known.p), known.adjusted) {
        #expect(abs(value - expected) < 1e-15)
      }
    }
    let values = HolmCorrection.adjusted([0.02, .nan, 0.01])
    #expect(values[0] == 0.02 && values[1].isNaN && values[2] == 0.02)
  }

  @Test func `take percentiles as NumPy does`() throws {
    let interval = try #require(Interval.percentile(of: fixture.percentile.values))
    #expect(abs(interval.low - fixture.percentile.low) < 1e-12)
    #expect(abs(interval.high - fixture.percentile.high) < 1e-12)
    #expect(Interval.percentile(of: [.nan]) == nil)
  }

  @Test func `have the tails of F and Student's t`() {
    for known in fixture.f {
      let tail = FDistribution.upperTail(known.value, degrees: (known.d1, known.d2))
      #expect(abs(tail - known.p) < 1e-11 * max(1, known.p), "F \(known.value): \(tail), not \(known.p)")
    }
    for known in fixture.t {
      let quantile = FDistribution.studentQuantile(confidence: 0.95, degrees: known.df)
      #expect(abs(quantile - known.q) < 1e-9, "t with \(known.df): \(quantile), not \(known.q)")
    }
  }

  private var axes: [SweepResults.Axis] {
    [
      .init(name: "neck", levels: ["pafpn", "fpn", "bifpn"]), .init(name: "mosaic", levels: ["on", "off"]),
      .init(name: "scale", levels: ["n"]),
    ]
  }

  private var runs: [(levels: [String: String], value: Double)] {
    fixture.anova.rows.map { (["neck": $0.neck, "mosaic": $0.mosaic, "scale": "n"], $0.y) }
  }

  @Test func `split the variation of a grid as statsmodels does`() throws {
    let analysis = try #require(FactorialAnalysis(axes: axes, runs: runs))
    #expect(analysis.runsPerCell == 3)
    let names = [["neck"]: "C(neck)", ["mosaic"]: "C(mosaic)", ["neck", "mosaic"]: "C(neck):C(mosaic)"]
    #expect(analysis.sources.count == 3)
    for source in analysis.sources {
      let known = try #require(names[source.axes].flatMap { fixture.anova.table[$0] })
      #expect(abs(source.sumOfSquares - known.ss) < 1e-12)
      #expect(Double(source.degrees) == known.df)
      #expect(abs((source.ratio ?? 0) - known.f) < 1e-8 * known.f)
      #expect(abs((source.pValue ?? 0) - known.p) < 1e-10)
    }
    let residual = try #require(fixture.anova.table["Residual"])
    #expect(abs((analysis.residual?.sumOfSquares ?? 0) - residual.ss) < 1e-12)
    #expect(analysis.residual.map { Double($0.degrees) } == residual.df)
    let shares = analysis.sources.reduce(0) { $0 + $1.share }
    #expect(shares > 0.5 && shares < 1)

    let effect = try #require(analysis.effects.first { $0.level == "fpn" })
    #expect(abs(effect.difference - fixture.effect.difference) < 1e-12)
    #expect(abs((effect.interval?.low ?? 0) - fixture.effect.low) < 1e-10)
    #expect(abs((effect.interval?.high ?? 0) - fixture.effect.high) < 1e-10)
  }

  @Test func `give main effects of an unequal grid without splitting its variation`() throws {
    let analysis = try #require(FactorialAnalysis(axes: axes, runs: Array(runs.dropLast())))
    #expect(analysis.sources.isEmpty && analysis.runsPerCell == nil)
    #expect(analysis.effects.count == 5 && analysis.interactions.count == 1)
    #expect(FactorialAnalysis(axes: axes, runs: runs.filter { $0.levels["neck"] != "fpn" }) == nil)
    let single = try #require(
      FactorialAnalysis(axes: axes, runs: runs.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)))
    #expect(single.residual == nil && single.sources.allSatisfy { $0.pValue == nil })
  }

  @Test func `find what is best for its cost`() {
    let front = ParetoFront.indices([
      (3, 0.5), (1, 0.4), (2, 0.4), (2, 0.45), (4, 0.49), (.nan, 0.9), (3, 0.5),
    ])
    #expect(front == [1, 3, 0, 6])
  }

  @Test func `know mean and deviation of what is finite`() {
    let summary = SampleSummary([0.5, .nan, 0.7])
    #expect(summary.count == 2 && abs(summary.mean - 0.6) < 1e-15)
    #expect(abs((summary.deviation ?? 0) - 0.02.squareRoot()) < 1e-15)
    #expect(SampleSummary([0.5]).deviation == nil && SampleSummary([]).mean.isNaN)
  }
}
