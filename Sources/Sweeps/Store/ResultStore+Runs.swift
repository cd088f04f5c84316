internal import Foundation
internal import GRDB
internal import Training

extension ResultStore {
  /// Enters a run, or brings it up to date, in one transaction.
  ///
  /// - Parameters:
  ///   - sweep: the folder of its sweep, which must have been entered; nil for a run by itself, or to leave it where it is.
  ///   - position: its place in the plan.
  public func save(_ run: RunResult, sweep: String? = nil, position: Int = 0) throws(StoreError) {
    let artefacts = Self.artefacts(in: run.directory)
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO run (directory, id, sweep, position, variant, seed, choices, state, reason, command, spec,
            environment, cost)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (directory) DO UPDATE SET id = excluded.id, sweep = COALESCE(excluded.sweep, sweep),
            position = IIF(excluded.sweep IS NULL, position, excluded.position), variant = excluded.variant, seed = excluded.seed,
            choices = excluded.choices, state = excluded.state, reason = excluded.reason,
            command = excluded.command, spec = excluded.spec, environment = excluded.environment,
            cost = excluded.cost
          """,
        arguments: [
          run.directory, run.id, sweep, position, run.variant, Int64(bitPattern: run.seed),
          try Self.json(run.choices), run.state.rawValue, run.reason, run.command, run.spec, run.environment,
          try Self.json(run.cost),
        ])
      for table in ["epoch", "figure", "image", "image_metric", "artefact"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE run = ?", arguments: [run.directory])
      }
      for record in run.epochs {
        try database.execute(
          sql: "INSERT OR REPLACE INTO epoch VALUES (?, ?, ?)",
          arguments: [run.directory, record.epoch, try Self.json(record)])
      }
      for figure in run.figures {
        try database.execute(
          sql: "INSERT OR REPLACE INTO figure VALUES (?, ?, ?, ?)",
          arguments: [
            run.directory, figure.metric, figure.name, figure.value.isFinite ? figure.value : nil,
          ])
      }
      if let images = run.images {
        try database.execute(
          sql: "INSERT INTO image_metric VALUES (?, ?, ?)",
          arguments: [run.directory, images.metric, try Self.json(images.thresholds)])
        for row in images.rows {
          try database.execute(
            sql: "INSERT OR REPLACE INTO image VALUES (?, ?, ?, ?)",
            arguments: [run.directory, row.score.imageID, row.path, try Self.json(row.score)])
        }
      }
      for (path, bytes) in artefacts {
        try database.execute(
          sql: "INSERT INTO artefact VALUES (?, ?, ?)", arguments: [run.directory, path, bytes])
      }
    }
  }

  /// Changes how far a run has come, and nothing else.
  public func mark(_ directory: String, _ state: RunState, reason: String? = nil) throws(StoreError) {
    try write { database in
      try database.execute(
        sql: "UPDATE run SET state = ?, reason = ? WHERE directory = ?",
        arguments: [state.rawValue, reason, directory])
    }
  }

  /// Forgets a run; its folder stays.
  public func remove(_ directory: String) throws(StoreError) {
    try write { try $0.execute(sql: "DELETE FROM run WHERE directory = ?", arguments: [directory]) }
  }

  /// All runs, or those of a sweep, in the order in which they were planned.
  ///
  /// - Parameter isWhole: with epochs and images; without, figures alone.
  public func runs(sweep: String? = nil, isWhole: Bool = true) throws(StoreError) -> [RunResult] {
    try read { database in
      let filter = sweep == nil ? "" : "WHERE sweep = ?"
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM run \(filter) ORDER BY sweep, position, directory",
        arguments: sweep.map { [$0] } ?? [])
      return try rows.map { try Self.run($0, database, isWhole: isWhole) }
    }
  }

  /// The run of a folder.
  public func run(in directory: String) throws(StoreError) -> RunResult? {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM run WHERE directory = ?", arguments: [directory])
        .map { try Self.run($0, database, isWhole: true) }
    }
  }

  /// Files that a run has written, with their sizes in bytes.
  public func artefacts(of directory: String) throws(StoreError) -> [(path: String, bytes: Int)] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT path, bytes FROM artefact WHERE run = ? ORDER BY path", arguments: [directory]
      ).map { (path: $0["path"], bytes: $0["bytes"]) }
    }
  }

  private static func run(_ row: Row, _ database: Database, isWhole: Bool) throws -> RunResult {
    let directory: String = row["directory"]
    var run = RunResult(
      id: row["id"], variant: row["variant"], seed: UInt64(bitPattern: row["seed"] as Int64),
      choices: try decode(row["choices"]), state: RunState(rawValue: row["state"]) ?? .failed,
      reason: row["reason"], directory: directory, command: row["command"], spec: row["spec"],
      environment: row["environment"], cost: try decode(row["cost"]))
    run.figures = try Row.fetchAll(
      database, sql: "SELECT * FROM figure WHERE run = ? ORDER BY metric, name", arguments: [directory]
    ).map { RunResult.Figure(metric: $0["metric"], name: $0["name"], value: $0["value"] ?? Double.nan) }
    guard isWhole else { return run }
    run.epochs = try String.fetchAll(
      database, sql: "SELECT record FROM epoch WHERE run = ? ORDER BY epoch", arguments: [directory]
    ).map { try decode($0) }
    if let metric = try Row.fetchOne(
      database, sql: "SELECT * FROM image_metric WHERE run = ?", arguments: [directory])
    {
      let images = try Row.fetchAll(
        database, sql: "SELECT path, score FROM image WHERE run = ? ORDER BY image", arguments: [directory])
      run.images = ImageScoreTable(
        metric: metric["metric"], thresholds: try decode(metric["thresholds"]),
        rows: try images.map { ImageScoreTable.Row(path: $0["path"], score: try decode($0["score"])) })
    }
    return run
  }

  private static func artefacts(in directory: String) -> [(String, Int)] {
    guard let names = try? FileManager.default.subpathsOfDirectory(atPath: directory) else { return [] }
    return names.sorted().compactMap { name in
      let attributes = try? FileManager.default.attributesOfItem(atPath: directory + "/" + name)
      guard attributes?[.type] as? FileAttributeType == .typeRegular, !name.hasPrefix(".") else { return nil }
      return (name, (attributes?[.size] as? NSNumber)?.intValue ?? 0)
    }
  }

  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func decode<Value: Decodable>(_ text: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(Value.self, from: Data(text.utf8))
  }
}
