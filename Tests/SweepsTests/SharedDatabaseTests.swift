import Foundation
import GRDB
import Sweeps
import Testing

@Suite struct `A database of results in other hands` {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private var file: String { scratch.file("results.sqlite") }

  private func run(_ name: String) -> RunResult {
    RunResult(
      id: name, variant: "baseline", seed: 0, directory: name, command: "poselab train x.yaml", spec: "")
  }

  @Test func `is waited for with patience, and then named as held; nothing is lost`() throws {
    let store = try ResultStore(file, patience: 0.2)
    try store.save(run("first"))
    let other = try DatabaseQueue(path: file)
    try other.inTransaction(.immediate) { (_: Database) throws -> Database.TransactionCompletion in
      let start = ContinuousClock.now
      let error = #expect(throws: StoreError.self) { try store.save(run("second")) }
      #expect(ContinuousClock.now - start >= .milliseconds(200))
      #expect(
        error?.description
          == "\(file): another process holds the database of results; wait for it to end and try again")
      #expect(error?.isDiskFull == false)
      // Reading goes on meanwhile.
      #expect(try store.runs().map(\.id) == ["first"])
      return .rollback
    }
    try store.save(run("second"))
    #expect(Set(try store.runs().map(\.id)) == ["first", "second"])
  }

  @Test func `is not touched where a later version has made it`() throws {
    try ResultStore(file).save(run("first"))
    try DatabaseQueue(path: file).write {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 of the future')")
    }
    let error = #expect(throws: StoreError.self) { try ResultStore(file) }
    #expect(error?.description.contains("a later version of PoseLab made this database") == true)
  }

  @Test func `keeps nothing of an entry that failed half-way`() throws {
    let store = try ResultStore(file)
    try store.save(run("first"))
    // A table that refuses: the run's row has been written by then.
    try DatabaseQueue(path: file).write {
      try $0.execute(
        sql: "CREATE TRIGGER refuse BEFORE INSERT ON figure BEGIN SELECT RAISE(ABORT, 'no room'); END")
    }
    var second = run("second")
    second.figures = [.init(metric: "coco_keypoints", name: "AP", value: 0.5)]
    #expect(throws: StoreError.self) { try store.save(second) }
    #expect(try store.runs().map(\.id) == ["first"])
  }
}
