internal import Foundation

/// Main effects and interactions of a grid: what each axis does by itself, and what two do together.
///
/// An effect is a difference of means over all cells of the other axes, each cell with equal weight. Where every cell
/// has the same number of runs, the variation between runs is split into those of the axes, of each pair of axes and
/// of the rest (analysis of variance). With several seeds a cell, the spread between seeds gives intervals and p-values.
///
/// Source: Montgomery, Design and Analysis of Experiments, chapter 5.
public struct FactorialAnalysis: Sendable, Equatable {
  /// A level of an axis against the axis's first level.
  public struct Effect: Sendable, Equatable {
    public var axis: String
    public var level: String
    /// Mean of the level's cells.
    public var mean: Double
    /// That mean less the mean of the first level; 0 for the first itself.
    public var difference: Double
    /// 95 % of Student's t, from the spread between seeds; nil for the first level, and without spare runs.
    public var interval: Interval?
  }

  /// Where some of the variation comes from.
  public struct Source: Sendable, Equatable {
    /// One axis, or two that act together.
    public var axes: [String]
    public var sumOfSquares: Double
    public var degrees: Int
    /// Of the total variation, 0…1; NaN where there is none.
    public var share: Double
    /// F against the spread between seeds; nil without spare runs.
    public var ratio: Double?
    public var pValue: Double?
  }

  /// The mean of the runs with one level of each of two axes, over all levels of the others.
  public struct Cell: Sendable, Equatable {
    public var levels: [String]
    public var mean: Double
  }

  /// Two axes and the means of all pairs of their levels, for a plot.
  public struct Interaction: Sendable, Equatable {
    public var first: SweepResults.Axis
    public var second: SweepResults.Axis
    /// `[level of the first][level of the second]`.
    public var means: [[Double]]
  }

  public let axes: [SweepResults.Axis]
  public let effects: [Effect]
  public let interactions: [Interaction]
  /// Empty if the cells have unequal numbers of runs.
  public let sources: [Source]
  /// The spread between seeds of a cell: sum of squares and degrees of freedom; nil without spare runs.
  public let residual: (sumOfSquares: Double, degrees: Int)?
  /// Runs in each cell; nil if unequal.
  public let runsPerCell: Int?

  /// - Parameters:
  ///   - axes: at least one with two levels or more; those with one are left out.
  ///   - runs: the level of each axis, by name, and the figure; those without a finite figure are left out.
  /// - Returns: nil if a cell has no run.
  public init?(axes: [SweepResults.Axis], runs: [(levels: [String: String], value: Double)]) {
    let axes = axes.filter { $0.levels.count > 1 }
    guard !axes.isEmpty else { return nil }
    let shape = axes.map(\.levels.count)
    // A grid has as many cells as its runs can fill at most.
    guard let cellCount = Self.product(shape, limit: runs.count) else { return nil }
    var cells: [[Double]] = Array(repeating: [], count: cellCount)
    for run in runs where run.value.isFinite {
      var index = 0
      for axis in axes {
        guard let level = run.levels[axis.name].flatMap({ axis.levels.firstIndex(of: $0) }) else {
          return nil
        }
        index = index * axis.levels.count + level
      }
      cells[index].append(run.value)
    }
    guard cells.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.axes = axes
    let grid = Grid(shape: shape, means: cells.map { SampleSummary($0).mean })
    let counts = Set(cells.map(\.count))
    runsPerCell = counts.count == 1 ? counts.first : nil

    let spare = cells.reduce(0) { $0 + $1.count - 1 }
    var within = 0.0
    for (cell, mean) in zip(cells, grid.means) {
      within += cell.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    residual = spare > 0 ? (within, spare) : nil
    let variance = spare > 0 ? within / Double(spare) : nil
    let quantile = spare > 0 ? FDistribution.studentQuantile(confidence: 0.95, degrees: Double(spare)) : 0

    var effects: [Effect] = []
    for (place, axis) in axes.enumerated() {
      let means = grid.means(over: [place])
      // Of the mean over cells: the variances of the cells' means, averaged, over the number of cells.
      func weight(_ level: Int) -> Double {
        let own = cells.indices.filter { grid.level($0, place) == level }
        return own.reduce(0) { $0 + 1 / Double(cells[$1].count) } / Double(own.count * own.count)
      }
      for (level, name) in axis.levels.enumerated() {
        let difference = means[level] - means[0]
        let reach = variance.map { quantile * ($0 * (weight(level) + weight(0))).squareRoot() }
        effects.append(
          Effect(
            axis: axis.name, level: name, mean: means[level], difference: level == 0 ? 0 : difference,
            interval: level == 0 ? nil : reach.map { Interval(low: difference - $0, high: difference + $0) }))
      }
    }
    self.effects = effects
    let pairs = axes.indices.flatMap { first in ((first + 1)..<axes.count).map { [first, $0] } }
    interactions = pairs.map { pair in
      let means = grid.means(over: pair)
      let width = axes[pair[1]].levels.count
      return Interaction(
        first: axes[pair[0]], second: axes[pair[1]],
        means: axes[pair[0]].levels.indices.map { row in Array(means[(row * width)..<((row + 1) * width)]) })
    }
    guard let each = runsPerCell else {
      sources = []
      return
    }
    let grand = grid.means.reduce(0, +) / Double(cellCount)
    let total = cells.joined().reduce(0) { $0 + ($1 - grand) * ($1 - grand) }
    sources = (axes.indices.map { [$0] } + pairs).map { subset in
      let sum = Double(each) * grid.sumOfSquares(subset)
      let degrees = subset.reduce(1) { $0 * (shape[$1] - 1) }
      let ratio = variance.map { sum / Double(degrees) / $0 }
      return Source(
        axes: subset.map { axes[$0].name }, sumOfSquares: sum, degrees: degrees, share: sum / total,
        ratio: ratio,
        pValue: ratio.map { FDistribution.upperTail($0, degrees: (Double(degrees), Double(spare))) })
    }
  }

  private static func product(_ shape: [Int], limit: Int) -> Int? {
    var result = 1
    for side in shape {
      result *= side
      if result > limit { return nil }
    }
    return result
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.axes == b.axes && a.effects == b.effects && a.interactions == b.interactions && a.sources == b.sources
      && a.residual?.sumOfSquares == b.residual?.sumOfSquares && a.residual?.degrees == b.residual?.degrees
      && a.runsPerCell == b.runsPerCell
  }
}

/// The cells' means, the last axis running fastest.
private struct Grid {
  let shape: [Int]
  let means: [Double]

  func level(_ cell: Int, _ axis: Int) -> Int {
    shape[(axis + 1)...].reduce(cell) { $0 / $1 } % shape[axis]
  }

  /// Means for all levels of the axes named, over those of the others.
  func means(over axes: [Int]) -> [Double] {
    var sums = [Double](repeating: 0, count: axes.reduce(1) { $0 * shape[$1] })
    for (cell, mean) in means.enumerated() {
      sums[axes.reduce(0) { $0 * shape[$1] + level(cell, $1) }] += mean
    }
    return sums.map { $0 * Double(sums.count) / Double(means.count) }
  }

  /// Of one axis's effect, or of what two axes do beyond the sum of both; one run a cell.
  func sumOfSquares(_ axes: [Int]) -> Double {
    let grand = means.reduce(0, +) / Double(means.count)
    let joint = means(over: axes)
    let single = axes.map { means(over: [$0]) }
    var sum = 0.0
    for (index, mean) in joint.enumerated() {
      let effect: Double
      if axes.count == 2 {
        let width = shape[axes[1]]
        effect = mean - single[0][index / width] - single[1][index % width] + grand
      } else {
        effect = mean - grand
      }
      sum += effect * effect
    }
    return sum * Double(means.count) / Double(joint.count)
  }
}
