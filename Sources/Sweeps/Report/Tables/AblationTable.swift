/// The table of an ablation as text, for all forms it is written in: a row a variant.
struct AblationTable: Sendable {
  struct Column: Sendable {
    var title: String
    /// Under the title, smaller.
    var unit: String
    var isNumber: Bool
  }

  struct Row: Sendable {
    var isBaseline: Bool
    var cells: [String]
    /// Columns in which no other variant is better.
    var best: Set<Int>
  }

  /// A run that gave no figures, or not all of its epochs.
  struct Loss: Sendable {
    var variant: String
    var seed: UInt64
    var state: RunState
    var reason: String
  }

  let columns: [Column]
  /// The first columns: the variant, what decides, and how it differs from the baseline.
  let comparedColumns: Int
  let rows: [Row]
  let losses: [Loss]
  /// Under the table: what the columns mean, then what the analysis has to say.
  let notes: [String]

  init(_ analysis: SweepAnalysis, _ results: SweepResults) {
    let variants = analysis.variants
    let showsDifferences = variants.contains { $0.difference != nil }
    let costs: [(title: String, unit: String, text: (SweepAnalysis.Cost) -> String?)] = [
      ("Parameters", "", { $0.parameters.map { ReportNumber.parameters($0) } }),
      ("GFLOPs", "an image", { $0.gigaflops.map { ReportNumber.cost($0) } }),
      ("Latency", "ms an image", { $0.latency.map { ReportNumber.cost($0) } }),
      ("Training", "a run", { $0.trainingSeconds.map { ReportNumber.duration($0) } }),
    ]
    let shownCosts = costs.filter { cost in variants.contains { cost.text($0.cost) != nil } }

    var columns = [Column(title: "Variant", unit: "", isNumber: false)]
    let changes = variants.map { Self.changes($0, baseline: variants.first) }
    // Where names say what is changed, a second column would only repeat it.
    let showsChanges = zip(variants, changes).contains { !$0.isBaseline && !$1.isEmpty && $0.name != $1 }
    if showsChanges { columns.append(Column(title: "Changed", unit: "", isNumber: false)) }
    columns.append(Column(title: "Seeds", unit: "", isNumber: true))
    let figures = analysis.figures.map { path in
      let parts = path.split(separator: "/")
      return Column(
        title: String(parts.last ?? ""), unit: parts.count > 1 ? String(parts[0]) : "", isNumber: true)
    }
    // What decides stands beside how it differs; the other figures follow.
    columns += figures.prefix(1)
    let firstFigure = columns.count - 1
    if showsDifferences {
      columns.append(Column(title: "Difference", unit: "to the baseline", isNumber: true))
      columns.append(Column(title: "95 % CI", unit: "over images", isNumber: true))
      columns.append(Column(title: "p", unit: "over seeds, Holm", isNumber: true))
    }
    let otherFigures = columns.count - 1
    comparedColumns = columns.count
    columns += figures.dropFirst()
    columns += shownCosts.map { Column(title: $0.title, unit: $0.unit, isNumber: true) }
    self.columns = columns

    let best = analysis.figures.map { path in Self.best(variants, path) }
    rows = zip(variants, changes).enumerated().map { index, pair in
      let (variant, change) = pair
      var cells = [variant.name]
      if showsChanges { cells.append(variant.isBaseline ? "baseline" : change) }
      let counted = variant.figures[results.figure]?.count ?? 0
      cells.append(counted == variant.runs.count ? "\(counted)" : "\(counted) of \(variant.runs.count)")
      cells += analysis.figures.prefix(1).map { ReportNumber.summary(variant.figures[$0]) }
      if showsDifferences {
        let difference = variant.difference
        cells.append(ReportNumber.figure(difference?.estimate, signed: true))
        cells.append(ReportNumber.interval(difference?.interval))
        cells.append(ReportNumber.pValue(difference?.correctedPValue))
      }
      cells += analysis.figures.dropFirst().map { ReportNumber.summary(variant.figures[$0]) }
      cells += shownCosts.map { $0.text(variant.cost) ?? ReportNumber.missing }
      return Row(
        isBaseline: variant.isBaseline, cells: cells,
        best: Set(
          best.indices.filter { best[$0].contains(index) }.map { $0 == 0 ? firstFigure : $0 + otherFigures }))
    }
    losses = results.runs.filter { $0.state != .finished }.map {
      Loss(variant: $0.variant, seed: $0.seed, state: $0.state, reason: $0.reason ?? "")
    }
    notes = Self.notes(analysis, results)
  }

  /// `axis=level`; of runs without axes, the settings that differ.
  private static func changes(_ variant: SweepAnalysis.Variant, baseline: SweepAnalysis.Variant?) -> String {
    if variant.isBaseline { return "" }
    if !variant.changes.isEmpty {
      return variant.changes.map { "\($0.axis)=\($0.level)" }.joined(separator: ", ")
    }
    guard let first = variant.runs.first, let other = baseline?.runs.first else { return "" }
    let settings = RunDifference(other, first).spec
      .filter { !($0.name == "train.seed" || $0.name.hasPrefix("log.")) }
      .map { "\($0.name)=\($0.second ?? "none")" }
    let shown = settings.prefix(6).joined(separator: ", ")
    return settings.count > 6 ? shown + " and \(settings.count - 6) more" : shown
  }

  private static func best(_ variants: [SweepAnalysis.Variant], _ path: String) -> [Int] {
    let means = variants.map { $0.figures[path]?.mean ?? .nan }
    let finite = means.filter(\.isFinite)
    // Where all are the same, none is best.
    guard Set(finite).count > 1,
      let best = FigurePath.isLowerBetter(path) ? finite.min() : finite.max()
    else { return [] }
    return means.indices.filter { means[$0] == best }
  }

  private static func notes(_ analysis: SweepAnalysis, _ results: SweepResults) -> [String] {
    var notes: [String] = []
    if analysis.variants.contains(where: { $0.figures.values.contains { $0.deviation != nil } }) {
      notes.append("Figures are mean ± sample standard deviation over seeds; the best mean is in bold.")
    }
    if analysis.variants.contains(where: { $0.difference != nil }) {
      notes.append("Differences are of \(FigurePath.label(results.figure)), variant less baseline.")
      if analysis.imageCount > 0 {
        notes.append(
          "CI: 95 % percentile interval of a paired bootstrap over the \(analysis.imageCount) validation images,"
            + " seeds averaged; it speaks of these trained models, not of other seeds.")
      }
      let tests = analysis.variants.compactMap(\.difference?.test)
      if tests.contains(where: { $0.smallestReachable < 1 }) {
        let count = tests.count { $0.smallestReachable < 1 }
        let isExact = tests.allSatisfy(\.isExact)
        notes.append(
          "p: two-sided \(isExact ? "exact " : "")permutation test of the difference of means over seeds,"
            + " Holm-corrected for \(count) comparison\(count == 1 ? "" : "s").")
      }
    }
    return notes + analysis.notes
  }
}
