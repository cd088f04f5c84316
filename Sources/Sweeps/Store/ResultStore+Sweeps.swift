internal import GRDB

extension ResultStore {
  /// What is kept of a sweep beside its runs.
  public struct Sweep: Sendable, Equatable {
    public var directory: String
    public var name: String
    public var mode: String
    public var axes: [SweepResults.Axis]
    public var baseline: String
    public var figure: String
    /// The spec's text.
    public var spec: String

    public init(
      directory: String, name: String, mode: String, axes: [SweepResults.Axis], baseline: String,
      figure: String, spec: String
    ) {
      self.directory = directory
      self.name = name
      self.mode = mode
      self.axes = axes
      self.baseline = baseline
      self.figure = figure
      self.spec = spec
    }
  }

  /// Enters a sweep, or brings it up to date; runs that it no longer has are forgotten.
  ///
  /// - Parameter runs: folders of its runs.
  public func save(_ sweep: Sweep, runs: [String]) throws(StoreError) {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO sweep VALUES (?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (directory) DO UPDATE SET name = excluded.name, mode = excluded.mode, axes = excluded.axes,
            baseline = excluded.baseline, figure = excluded.figure, spec = excluded.spec
          """,
        arguments: [
          sweep.directory, sweep.name, sweep.mode, try Self.json(sweep.axes), sweep.baseline, sweep.figure,
          sweep.spec,
        ])
      let known = try String.fetchAll(
        database, sql: "SELECT directory FROM run WHERE sweep = ?", arguments: [sweep.directory])
      for directory in known where !runs.contains(directory) {
        try database.execute(sql: "DELETE FROM run WHERE directory = ?", arguments: [directory])
      }
    }
  }

  /// All sweeps, by folder.
  public func sweeps() throws(StoreError) -> [Sweep] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM sweep ORDER BY directory").map { row in
        Sweep(
          directory: row["directory"], name: row["name"], mode: row["mode"],
          axes: try Self.decode(row["axes"]), baseline: row["baseline"], figure: row["figure"],
          spec: row["spec"])
      }
    }
  }

  /// A sweep with all its runs; nil where it is not known.
  public func results(of directory: String) throws(StoreError) -> SweepResults? {
    guard let sweep = try sweeps().first(where: { $0.directory == directory }) else { return nil }
    return SweepResults(
      name: sweep.name, mode: sweep.mode, axes: sweep.axes, baseline: sweep.baseline, figure: sweep.figure,
      runs: try runs(sweep: directory))
  }
}
