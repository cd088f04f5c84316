internal import Foundation
internal import GRDB

/// The database of results: sweeps, runs, every epoch's figures, per-image scores; SQLite in one file beside the runs.
///
/// The runs' folders are the truth; the store makes them searchable and comparable. A run is entered in one
/// transaction, so a kill at any instant leaves it whole or not there, and entering it again changes nothing. Several
/// processes may write: they wait for each other.
public final class ResultStore: Sendable {
  public let path: String
  let database: DatabasePool

  /// Opens the store, making or updating it as needed.
  ///
  /// - Parameters:
  ///   - path: the file; by custom `results.sqlite` in the folder of runs.
  ///   - patience: seconds to wait for another process that writes.
  /// - Throws: `StoreError`.
  public init(_ path: String, patience: Double = 20) throws(StoreError) {
    self.path = path
    do {
      let folder = (path as NSString).deletingLastPathComponent
      if !folder.isEmpty {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
      var configuration = Configuration()
      configuration.busyMode = .timeout(patience)
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      database = try DatabasePool(path: path, configuration: configuration)
      if try database.read(Self.migrator.hasBeenSuperseded) { throw Newer() }
      try Self.migrator.migrate(database)
    } catch {
      throw StoreError(path, error)
    }
  }

  /// A later version has changed the tables.
  struct Newer: Error {}

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 sweeps and runs") { database in
      try database.execute(
        sql: """
          CREATE TABLE sweep (
            directory TEXT PRIMARY KEY, name TEXT NOT NULL, mode TEXT NOT NULL, axes TEXT NOT NULL,
            baseline TEXT NOT NULL, figure TEXT NOT NULL, spec TEXT NOT NULL);
          CREATE TABLE run (
            directory TEXT PRIMARY KEY, id TEXT NOT NULL,
            sweep TEXT REFERENCES sweep(directory) ON DELETE CASCADE, position INTEGER NOT NULL DEFAULT 0,
            variant TEXT NOT NULL, seed INTEGER NOT NULL, choices TEXT NOT NULL, state TEXT NOT NULL, reason TEXT,
            command TEXT NOT NULL, spec TEXT NOT NULL, environment TEXT NOT NULL, cost TEXT NOT NULL);
          CREATE INDEX run_sweep ON run(sweep, position);
          CREATE TABLE epoch (
            run TEXT NOT NULL REFERENCES run(directory) ON DELETE CASCADE, epoch INTEGER NOT NULL,
            record TEXT NOT NULL, PRIMARY KEY (run, epoch)) WITHOUT ROWID;
          CREATE TABLE figure (
            run TEXT NOT NULL REFERENCES run(directory) ON DELETE CASCADE, metric TEXT NOT NULL,
            name TEXT NOT NULL, value REAL, PRIMARY KEY (run, metric, name)) WITHOUT ROWID;
          CREATE TABLE image (
            run TEXT NOT NULL REFERENCES run(directory) ON DELETE CASCADE, image INTEGER NOT NULL,
            path TEXT NOT NULL, score TEXT NOT NULL, PRIMARY KEY (run, image)) WITHOUT ROWID;
          CREATE TABLE image_metric (
            run TEXT PRIMARY KEY REFERENCES run(directory) ON DELETE CASCADE, metric TEXT NOT NULL,
            thresholds TEXT NOT NULL);
          CREATE TABLE artefact (
            run TEXT NOT NULL REFERENCES run(directory) ON DELETE CASCADE, path TEXT NOT NULL,
            bytes INTEGER NOT NULL, PRIMARY KEY (run, path)) WITHOUT ROWID;
          """)
    }
    return migrator
  }

  /// Runs `body` in one transaction that writes.
  func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try database.write(body) } catch { throw StoreError(path, error) }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try database.read(body) } catch { throw StoreError(path, error) }
  }
}

/// Why the database of results cannot be used.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  public let path: String
  /// The disk is full.
  public let isDiskFull: Bool
  private let reason: String

  init(_ path: String, _ error: any Error) {
    self.path = path
    let code = (error as? DatabaseError)?.resultCode
    isDiskFull = code == .SQLITE_FULL
    reason =
      switch code {
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        "another process holds the database of results; wait for it to end and try again"
      case .SQLITE_FULL: "the disk is full; what was stored before is whole"
      case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
        "the database of results cannot be written here: \(error.localizedDescription)"
      case .SQLITE_NOTADB, .SQLITE_CORRUPT:
        "this is no database of results, or it is damaged; move it away, and 'poselab runs add' enters the runs anew"
      default:
        error is ResultStore.Newer
          ? "a later version of PoseLab made this database of results; use that, or another file" : "\(error)"
      }
  }

  public var description: String { "\(path): \(reason)" }
}
