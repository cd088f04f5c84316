import Foundation
import GRDB
import Sweeps
import Testing

/// Nil for the short version.
private let wantedKills = ProcessInfo.processInfo.environment["POSELAB_SWEEP_KILLS"].flatMap { Int($0) }

/// The program itself, mistreated. `POSELAB_SWEEP_KILLS` says how often it is killed; 4 by itself.
@Suite(.serialized) struct `A sweep of the program` {
  @Test func `comes to the same results however often it is killed`() throws {
    let calm = try TinySweep()
    let expected = try calm.finish(["--jobs", "2"])
    #expect(expected.count == 4 && expected.allSatisfy { $0.state == .finished && $0.epochs.count == 3 })
    #expect(expected.allSatisfy { !$0.figures.isEmpty && $0.images?.rows.count == 4 })

    var random = SeededGenerator(state: 20)
    let kills = wantedKills ?? 4
    var left = kills
    var rounds = 0
    // A sweep that has ended gives no more to kill, so as many as it takes.
    while left > 0 {
      rounds += 1
      let sweep = try TinySweep()
      var finished: [String: Data] = [:]
      while left > 0 {
        let runner = try sweep.start(["--jobs", "2", "--retry-failed"])
        Thread.sleep(forTimeInterval: Double.random(in: 0.02...1.6, using: &random))
        let victim = Int.random(in: 0..<3, using: &random)
        guard runner.isRunning else { break }
        if victim != 1 { kill(runner.processIdentifier, SIGKILL) }
        if victim != 0 {
          for process in sweep.trainers() where victim == 2 || Bool.random(using: &random) {
            kill(process, SIGKILL)
          }
        }
        left -= 1
        if victim == 1 {
          Thread.sleep(forTimeInterval: Double.random(in: 0...0.6, using: &random))
          kill(runner.processIdentifier, SIGKILL)
        }
        runner.waitUntilExit()
        // What was finished stays as it is.
        for (file, content) in finished { #expect(FileManager.default.contents(atPath: file) == content) }
        // It may have been killed before it had a folder.
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: sweep.folder)) ?? []
        for file in folders.map({ sweep.folder + "/\($0)/summary.json" }) {
          finished[file] = FileManager.default.contents(atPath: file)
        }
        // The database can be read at any time, and holds whole runs.
        for run in try ResultStore(sweep.runs + "/results.sqlite").runs() where run.state == .finished {
          #expect(run.epochs.count == 3 && run.images?.rows.count == 4 && !run.figures.isEmpty)
        }
      }
      #expect(try sweep.finish(["--jobs", "2"]) == expected)
      for (file, content) in finished { #expect(FileManager.default.contents(atPath: file) == content) }
      #expect(try sweep.leftovers() == [])
      #expect(sweep.trainers().isEmpty)
      let output = try sweep.output()
      #expect(!output.contains("failed"), "\(output)")
    }
    print("killed \(kills) times in \(rounds) sweeps")
  }

  @Test func `ends on an interrupt with checkpoints, and goes on`() throws {
    let sweep = try TinySweep()
    let long = ["--jobs", "2", "train.epochs=12"]
    let runner = try sweep.start(long)
    try SlurmCluster.wait { sweep.trainers().count == 2 && Self.epochs(sweep) > 2 }
    // As a terminal does it: the whole process group.
    #expect(getpgid(runner.processIdentifier) == runner.processIdentifier)
    kill(-runner.processIdentifier, SIGINT)
    runner.waitUntilExit()
    #expect(runner.terminationStatus == 130)
    #expect(sweep.trainers().isEmpty)
    let logs = try FileManager.default.contentsOfDirectory(atPath: sweep.folder + "/logs").map {
      try String(contentsOfFile: sweep.folder + "/logs/" + $0, encoding: .utf8)
    }
    #expect(logs.count == 2)
    for log in logs {
      #expect(log.components(separatedBy: "stopping after this step").count == 2)
      #expect(log.contains("the checkpoint is written"))
    }
    let states = try sweep.outcomes().map(\.state)
    #expect(states.prefix(2) == [.interrupted, .interrupted])
    #expect(try sweep.run(long).code == 0)
    #expect(
      try sweep.outcomes().allSatisfy { $0.state == .finished && $0.epochs.map(\.epoch) == Array(1...12) })
  }

  private static func epochs(_ sweep: TinySweep) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: sweep.folder)) ?? []
    return names.reduce(0) { sum, name in
      let text = try? String(contentsOfFile: sweep.folder + "/\(name)/metrics.jsonl", encoding: .utf8)
      return sum + (text?.split(separator: "\n").count ?? 0)
    }
  }

  @Test func `has one runner; a second is told so`() throws {
    let sweep = try TinySweep()
    let first = try sweep.start()
    try SlurmCluster.wait { !sweep.trainers().isEmpty }
    let (code, output) = try sweep.run()
    #expect(code == 1)
    #expect(
      output.contains("another process (\(first.processIdentifier)) runs this sweep; wait for it, or take"))
    first.waitUntilExit()
    #expect(first.terminationStatus == 0)
    #expect(try sweep.outcomes().allSatisfy { $0.state == .finished })
  }

  @Test(.enabled(if: wantedKills != nil, "takes the half minute for which it is waited"))
  func `says that the database is held, and goes on when it is free`() throws {
    let sweep = try TinySweep()
    _ = try ResultStore(sweep.runs + "/results.sqlite")
    let other = try DatabaseQueue(path: sweep.runs + "/results.sqlite")
    try other.inTransaction(.immediate) { (_: Database) throws -> Database.TransactionCompletion in
      let (code, output) = try sweep.run()
      #expect(code == 1)
      #expect(
        output.contains("another process holds the database of results; wait for it to end and try again"))
      return .rollback
    }
    #expect(try sweep.finish().allSatisfy { $0.state == .finished })
  }

  @Test func `says that its folder cannot be written`() throws {
    // Not even root may write there.
    let sweep = try TinySweep(runs: "/proc/poselab")
    let (code, output) = try sweep.run()
    #expect(code == 1)
    #expect(output.contains("/proc/poselab"))
    #expect(output.contains("cannot keep a sweep here"))
  }

  @Test(.enabled(if: RAMDisk.isPossible, "only root may mount"))
  func `stops when the disk is full, and goes on`() throws {
    let expected = try TinySweep().finish()
    for kilobytes in wantedKills == nil ? [600, 9000] : [100, 300, 600, 1500, 4000, 9000, 15000, 25000] {
      let disk = try RAMDisk(kilobytes: kilobytes)
      let sweep = try TinySweep(runs: disk.path)
      let (code, output) = try sweep.run()
      #expect(code == 74 || code == 0, "\(kilobytes) kB: \(output)")
      if code == 74 { #expect(output.contains("the disk is full"), "\(output)") }
      try disk.resize(kilobytes: 65536)
      #expect(try sweep.finish() == expected, "\(kilobytes) kB")
      #expect(try sweep.leftovers() == [])
    }
  }

  @Test(.enabled(if: FalseClock.library != nil, "libfaketime is not installed"))
  func `does not mind a clock that goes back`() throws {
    let expected = try TinySweep().finish()
    let sweep = try TinySweep()
    let clock = try FalseClock("+0")
    let runner = try sweep.start(["--jobs", "2"], environment: clock.environment)
    try SlurmCluster.wait { Self.epochs(sweep) > 0 }
    #expect(runner.isRunning)
    try clock.set("-3d")
    runner.waitUntilExit()
    let output = try sweep.output()
    #expect(runner.terminationStatus == 0, "\(output)")
    #expect(try sweep.outcomes() == expected)
    let results = try #require(try ResultStore(sweep.runs + "/results.sqlite").results(of: sweep.folder))
    for run in results.runs {
      #expect(
        run.cost.trainingSeconds ?? -1 > 0 && run.epochs.allSatisfy { $0.seconds > 0 && $0.seconds < 1000 })
    }
  }
}

/// The same numbers in each run of the tests.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    // SplitMix64 (Steele, Lea and Flood 2014).
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
