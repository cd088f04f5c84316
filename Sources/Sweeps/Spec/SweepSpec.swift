public import Config

/// An ablation: a base experiment, and how its runs differ.
///
/// ```yaml
/// extends: ../quickstart.yaml
/// train: { epochs: 10 }
/// ablation:
///   mode: grid
///   seeds: [0, 1, 2]
///   axes:
///     neck: { pafpn: {}, bifpn: { model.neck: bifpn } }
///     train.lr0: [0.01, 0.005]
/// ```
///
/// All outside of `ablation` is the base experiment. An axis maps names of levels to what they set, by dotted paths or
/// flat names; an axis that is itself such a path lists values. The first level of each axis is the baseline's.
public struct SweepSpec: Sendable {
  /// Which combinations of levels are run.
  public enum Mode: String, Sendable, CaseIterable {
    /// All.
    case grid
    /// The baseline, and each other level of each axis by itself.
    case oneAtATime = "one_at_a_time"
    /// Those under `cases`.
    case cases
    /// The baseline, and so many others of the grid as `samples` says, drawn at random.
    case random
    /// All (or `samples` of them) for a few epochs, the best for more, and so on: `halving` (Jamieson and Talwalkar
    /// 2016, arXiv:1502.07943).
    case successiveHalving = "successive_halving"
  }

  /// Named overrides.
  public struct Level: Sendable {
    public var name: String
    public var overrides: [Override]
    public var location: SourceLocation?

    public init(name: String, overrides: [Override], location: SourceLocation? = nil) {
      self.name = name
      self.overrides = overrides
      self.location = location
    }
  }

  public struct Axis: Sendable {
    public var name: String
    public var levels: [Level]

    public init(name: String, levels: [Level]) {
      self.name = name
      self.levels = levels
    }
  }

  /// The most that the whole sweep may take; nil for no limit.
  public struct Budget: Sendable, Equatable {
    /// Of all runs together.
    public var epochs: Int?
    /// Of training; no run begins after them.
    public var minutes: Double?
    public var runs: Int?

    public init(epochs: Int? = nil, minutes: Double? = nil, runs: Int? = nil) {
      self.epochs = epochs
      self.minutes = minutes
      self.runs = runs
    }
  }

  /// When a run is given up.
  public struct Limits: Sendable, Equatable {
    /// Wall time of a run from its start; nil for no limit.
    public var minutes: Double?
    /// Without a finished epoch or a line of its log.
    public var silentMinutes: Double

    public init(minutes: Double? = nil, silentMinutes: Double = 120) {
      self.minutes = minutes
      self.silentMinutes = silentMinutes
    }
  }

  /// Successive halving: after `epochs`, `epochs × factor`, … only one in `factor` goes on.
  public struct Halving: Sendable, Equatable {
    public var factor: Int
    public var epochs: Int
    /// The column of `results.csv` that ranks the runs of a rung.
    public var figure: String

    public init(factor: Int = 3, epochs: Int = 1, figure: String = "metrics/mAP50-95(P)") {
      self.factor = factor
      self.epochs = epochs
      self.figure = figure
    }
  }

  /// For folders and reports; the file's name by default.
  public var name: String
  public var mode: Mode
  /// The figure that decides, `METRIC/NAME`.
  public var figure: String
  public var seeds: [UInt64]
  public var axes: [Axis]
  /// In mode `cases`; the first is the baseline.
  public var cases: [Level]
  /// Level of each axis that all others are compared with.
  public var baseline: [String: String]
  /// Combinations that are left out: all that have these levels.
  public var exclude: [[String: String]]
  /// Combinations drawn besides the baseline.
  public var samples: Int?
  public var samplingSeed: UInt64
  public var halving: Halving
  public var budget: Budget
  public var limits: Limits
  /// The base experiment.
  public var experiment: Node
  /// The section `ablation` as it was written.
  public var section: Node
  /// Of the section `ablation`.
  public var location: SourceLocation?
}
