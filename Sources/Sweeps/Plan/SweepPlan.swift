internal import Config
public import Training

/// Every run of a sweep, resolved and checked, before anything is started.
public struct SweepPlan: Sendable {
  /// One run.
  public struct Run: Sendable {
    /// Of the resolved spec without folders, threads and the like: equal specs are one run.
    public var id: String
    public var variant: String
    public var seed: UInt64
    public var choices: [RunResult.Choice]
    public var spec: ExperimentSpec
    /// What it sets that the baseline does not, `path=value`.
    public var differences: [String]
    public var cost: RunResult.Cost

    public var epochs: Int { spec.options.schedule.epochs }

    /// The name of its folder: readable, and no two alike.
    public var folder: String {
      let words = "\(variant) seed\(seed)".lowercased().unicodeScalars.map { scalar -> Character in
        let isPlain =
          scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        return isPlain || scalar == "." ? Character(scalar) : "-"
      }
      var slug = ""
      for character in words where !(character == "-" && (slug.isEmpty || slug.hasSuffix("-"))) {
        slug.append(character)
      }
      return String(slug.prefix(80)) + "-" + String(id.prefix(6))
    }
  }

  public var spec: SweepSpec
  public var baseline: String
  /// Variant by variant, the baseline first; seeds within.
  public var runs: [Run]
  /// What was left out, and why.
  public var notes: [String]
  /// The ablation's text, with its parents and what was set from outside.
  public var document: String

  public init(spec: SweepSpec, baseline: String, runs: [Run], notes: [String], document: String = "") {
    self.spec = spec
    self.baseline = baseline
    self.runs = runs
    self.notes = notes
    self.document = document
  }

  /// Epochs of all runs, as far as successive halving lets them go at most.
  public var epochs: Int { Self.epochs(of: runs, spec) }

  static func epochs(of runs: [Run], _ spec: SweepSpec) -> Int {
    guard spec.mode == .successiveHalving, let last = runs.first?.epochs else {
      return runs.reduce(0) { $0 + $1.epochs }
    }
    let seeds = Dictionary(grouping: runs, by: \.variant).mapValues(\.count)
    return spec.halving.epochs(variants: seeds.count, seeds: seeds.values.max() ?? 1, upTo: last)
  }

  /// Seconds that all of it takes on one core's share of the machine, from measured steps; nil where nothing was measured.
  public var estimatedSeconds: Double? {
    let times = runs.compactMap(\.cost.trainingSeconds)
    guard times.count == runs.count, !runs.isEmpty else { return nil }
    let whole = times.reduce(0, +)
    let planned = runs.reduce(0) { $0 + $1.epochs }
    return whole * Double(epochs) / Double(max(1, planned))
  }
}

extension SweepSpec.Halving {
  /// After which epochs runs are compared; the last is the end.
  func rungs(upTo epochs: Int) -> [Int] {
    var rungs: [Int] = []
    var rung = self.epochs
    while rung < epochs {
      rungs.append(rung)
      let (next, overflow) = rung.multipliedReportingOverflow(by: factor)
      if overflow { break }
      rung = next
    }
    return rungs + [epochs]
  }

  /// The most that so many variants take, the baseline among them, which goes on whatever its rank.
  func epochs(variants: Int, seeds: Int, upTo epochs: Int) -> Int {
    var remaining = variants
    var done = 0
    var total = 0
    for rung in rungs(upTo: epochs) {
      total += remaining * seeds * (rung - done)
      done = rung
      remaining = min(remaining, survivors(of: remaining) + 1)
    }
    return total
  }

  /// How many of so many variants go on; one at least.
  func survivors(of count: Int) -> Int { max(1, (count + factor - 1) / factor) }
}
