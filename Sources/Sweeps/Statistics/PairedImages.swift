internal import PoseCore
internal import Training

/// The bootstrap over the images that all finished runs of a sweep have in common.
struct PairedImages {
  let bootstrap: ImageBootstrap?
  /// Indices into the bootstrap's runs.
  private let members: [String: [Int]]
  /// Each member's choices.
  private let choices: [[RunResult.Choice]]
  let notes: [String]

  init(_ results: SweepResults, samples: Int, seed: UInt64) {
    var notes: [String] = []
    var tables: [(run: RunResult, table: ImageScoreTable)] = []
    var figure: PrecisionSampler.Figure?
    for run in results.runs where run.state == .finished && run[figure: results.figure]?.isFinite == true {
      guard let table = run.images, !table.rows.isEmpty,
        results.figure.hasPrefix(table.metric + "/"),
        let known = PrecisionSampler.Figure(
          named: String(results.figure.dropFirst(table.metric.count + 1)), thresholds: table.thresholds)
      else { continue }
      if let figure, figure != known { continue }
      if let first = tables.first, first.table.thresholds != table.thresholds { continue }
      figure = known
      tables.append((run, table))
    }
    let expected = results.runs.count {
      $0.state == .finished && $0[figure: results.figure]?.isFinite == true
    }
    guard let figure, samples > 0 else {
      if expected > 0 && samples > 0 {
        notes.append(
          "No confidence intervals over images: the runs' scores by image do not tell of \(results.figure).")
      }
      (bootstrap, members, choices, self.notes) = (nil, [:], [], notes)
      return
    }
    if tables.count < expected {
      notes.append(
        "\(expected - tables.count) of \(expected) finished runs have no scores by image and are not in the"
          + " confidence intervals.")
    }
    var common = Set(tables[0].table.rows.map(\.score.imageID))
    var all = common
    for (_, table) in tables.dropFirst() {
      let own = Set(table.rows.map(\.score.imageID))
      common.formIntersection(own)
      all.formUnion(own)
    }
    if common.count < all.count {
      notes.append(
        "The runs were not validated on the same images: confidence intervals are of the \(common.count) of"
          + " \(all.count) that all have.")
    }
    let samplers = tables.map { entry in
      PrecisionSampler(
        entry.table.rows.map(\.score).filter { common.contains($0.imageID) }
          .sorted { $0.imageID < $1.imageID },
        thresholds: entry.table.thresholds)
    }
    // Ids that a table has twice cannot be paired.
    guard !common.isEmpty, Set(samplers.map(\.imageIDs.count)).count == 1 else {
      notes.append("No confidence intervals over images: the runs have no images in common.")
      (bootstrap, members, choices, self.notes) = (nil, [:], [], notes)
      return
    }
    bootstrap = ImageBootstrap(samplers, figure: figure, samples: samples, seed: seed)
    var members: [String: [Int]] = [:]
    for (index, entry) in tables.enumerated() { members[entry.run.variant, default: []].append(index) }
    self.members = members
    choices = tables.map(\.run.choices)
    self.notes = notes
  }

  func interval(_ variant: String, minus other: String) -> Interval? {
    guard let first = members[variant], let second = members[other] else { return nil }
    return bootstrap?.interval(first, minus: second)
  }

  /// Of a level's mean over cells less that of the axis's first level; nil if a cell is missing.
  func effectInterval(_ axis: SweepResults.Axis, level: String, _ results: SweepResults) -> Interval? {
    guard let bootstrap else { return nil }
    func mean(_ level: String) -> [Double]? {
      let own = choices.indices.filter {
        choices[$0].contains(RunResult.Choice(axis: axis.name, level: level))
      }
      // Cells weigh the same whatever their number of seeds.
      let cells = Dictionary(grouping: own) { index in
        choices[index].map { "\($0.axis)=\($0.level)" }.sorted()
      }
      let expected = results.axes.filter { $0.name != axis.name }.reduce(1) { $0 * $1.levels.count }
      guard cells.count == expected else { return nil }
      let means = cells.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { bootstrap.means($0.value) }
      return means[0].indices.map { sample in means.reduce(0) { $0 + $1[sample] } / Double(means.count) }
    }
    guard let first = axis.levels.first, let base = mean(first), let other = mean(level) else { return nil }
    return .percentile(of: zip(other, base).map { $0 - $1 })
  }
}
