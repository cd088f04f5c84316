import Foundation
import PoseCore
import PoseLab
import Sweeps
import Testing
import Training

/// A sweep of fake runs.
final class FakeSweep {
  let scratch: Scratch
  let plan: SweepPlan
  let folder: String
  let store: ResultStore
  var notes: [String] = []
  var restarts = 2
  var retriesFailed = false

  init(_ section: String) throws {
    scratch = try Scratch()
    plan = try scratch.plan(section)
    folder = scratch.file("sweep")
    store = try ResultStore(scratch.file("results.sqlite"))
  }

  @discardableResult
  func run(_ launcher: FakeLauncher, cancellation: CancellationFlag = CancellationFlag()) throws -> Bool {
    var options = SweepRunner.Options(executable: "/nowhere/poselab")
    options.interval = 0.001
    options.grace = 0.05
    options.restarts = restarts
    options.retriesFailed = retriesFailed
    let runner = SweepRunner(
      plan, in: try SweepDirectory(folder), store: store, launcher: launcher, registry: try .standard(),
      options: options
    ) { [weak self] event in
      if case .note(let note) = event { self?.notes.append(note) }
    }
    return try runner.run(cancellation: cancellation)
  }

  func runs() throws -> [RunResult] { try store.results(of: folder)?.runs ?? [] }

  /// `variant/seed: state`.
  func states() throws -> [String] { try runs().map { "\($0.variant)/\($0.seed): \($0.state.rawValue)" } }
}

@Suite struct `A sweep's runner` {
  private let two = "axes: {augment: {standard: {}, plain: {mosaic: 0}}}\n"

  @Test func `runs all, no more at once than there is room for, and enters their results`() throws {
    let sweep = try FakeSweep(two + "seeds: 2")
    let launcher = FakeLauncher(sweep.folder, capacity: 3, [("augment", .trains(quality: 0.25))])
    #expect(try sweep.run(launcher))
    #expect(launcher.mostAtOnce == 3 && launcher.starts.count == 4)
    #expect(launcher.rounds == [3, 4])
    let runs = try sweep.runs()
    #expect(runs.map(\.state) == [.finished, .finished, .finished, .finished])
    #expect(runs.map { $0[figure: "coco_keypoints/AP"] } == [0.5, 0.5, 0.25, 0.25])
    #expect(
      runs.allSatisfy { $0.epochs.count == 4 && $0.cost.trainingSeconds == 240 && $0.cost.parameters == 7 })
    #expect(runs[0].command.hasPrefix("poselab train /") && runs[0].spec.contains("mosaic"))
  }

  @Test func `repeats nothing when it is run again`() throws {
    let sweep = try FakeSweep(two)
    try sweep.run(FakeLauncher(sweep.folder))
    let before = try sweep.runs()
    let again = FakeLauncher(sweep.folder)
    #expect(try sweep.run(again))
    #expect(again.starts.isEmpty)
    #expect(try sweep.runs() == before)
  }

  @Test func `marks a run that fails with its reason, and goes on with the others`() throws {
    let sweep = try FakeSweep(two)
    let launcher = FakeLauncher(sweep.folder, [("baseline", .exits(3, after: 1))])
    #expect(try sweep.run(launcher))
    #expect(try sweep.states() == ["baseline/0: failed", "augment=plain/0: finished"])
    #expect(try sweep.runs()[0].reason == "ended with code 3: error: out of luck")
    #expect(try sweep.runs()[0].epochs.count == 1)

    // Failed is failed, until one asks for it.
    let again = FakeLauncher(sweep.folder)
    try sweep.run(again)
    #expect(again.starts.isEmpty)
    sweep.retriesFailed = true
    try sweep.run(again)
    #expect(again.starts.map(\.epochs) == [1])
    #expect(again.open[0].arguments[1].hasPrefix("resume="))
    #expect(try sweep.states() == ["baseline/0: finished", "augment=plain/0: finished"])
  }

  @Test func `continues a run that was killed, but not for ever`() throws {
    let sweep = try FakeSweep(two)
    let launcher = FakeLauncher(
      sweep.folder, [("baseline", .isKilled(times: 2)), ("augment", .isKilled(times: 3))])
    try sweep.run(launcher)
    #expect(try sweep.states() == ["baseline/0: finished", "augment=plain/0: failed"])
    #expect(
      try sweep.runs()[1].reason
        == "killed by signal 9, perhaps for want of memory, 3 times without an epoch in between")
  }

  @Test func `continues a run that its cluster took away`() throws {
    let sweep = try FakeSweep(two)
    try sweep.run(
      FakeLauncher(sweep.folder, [("baseline", .isEvicted(times: 1)), ("augment", .isEvicted(times: 9))]))
    #expect(try sweep.states() == ["baseline/0: finished", "augment=plain/0: failed"])
    #expect(try sweep.runs()[1].reason == "its node failed, 3 times without an epoch in between")
  }

  @Test func `gives up a run that ends again and again without having done anything`() throws {
    let sweep = try FakeSweep(two)
    let launcher = FakeLauncher(sweep.folder, [("baseline", .exits(0, after: 0))])
    try sweep.run(launcher)
    #expect(try sweep.states() == ["baseline/0: failed", "augment=plain/0: finished"])
    #expect(launcher.starts.count == 5)
    #expect(try sweep.runs()[0].reason == "ended before its time 4 times without an epoch in between")
  }

  @Test(arguments: [false, true])
  func `ends a run that hangs, if need be by force`(isDeaf: Bool) throws {
    let sweep = try FakeSweep(two + "limits: {silent_minutes: 0.02}")
    let launcher = FakeLauncher(sweep.folder, [("baseline", .hangs(isDeaf: isDeaf))])
    try sweep.run(launcher)
    #expect(try sweep.states() == ["baseline/0: timed_out", "augment=plain/0: finished"])
    #expect(try sweep.runs()[0].reason == "gave no sign of life for 0.02 minutes")
    #expect(launcher.open[0].stops.contains(true) == isDeaf)
  }

  @Test func `ends a run that takes longer than its limit, without the time in a queue`() throws {
    let sweep = try FakeSweep(two + "limits: {minutes: 0.02}")
    let launcher = FakeLauncher(sweep.folder, capacity: 2, [("baseline", .hangs(isDeaf: false))])
    launcher.onEpoch = { job in
      guard job.epochs.count == 1 else { return }
      // The other goes back to its queue for longer than the limit.
      job.isRunning = false
      DispatchQueue.global().asyncAfter(deadline: .now() + 1.5) { [job = Unchecked(job)] in
        job.value.isRunning = true
      }
    }
    try sweep.run(launcher)
    #expect(try sweep.states() == ["baseline/0: timed_out", "augment=plain/0: finished"])
    #expect(try sweep.runs()[0].reason == "took longer than its limit of 0.02 minutes")
  }

  @Test func `stops when the disk is full, asks the others to end, and goes on later`() throws {
    let sweep = try FakeSweep(two)
    let launcher = FakeLauncher(sweep.folder, capacity: 2, [("baseline", .exits(74, after: 1))])
    #expect(throws: SweepError.diskFull(sweep.folder)) { try sweep.run(launcher) }
    #expect(launcher.open[1].stops == [false])
    #expect(try sweep.states() == ["baseline/0: interrupted", "augment=plain/0: interrupted"])
    #expect(try sweep.runs()[0].reason == "the disk is full")
    let again = FakeLauncher(sweep.folder)
    try sweep.run(again)
    #expect(again.starts.count == 2 && again.starts[0].epochs == 1)
    #expect(try sweep.runs().map(\.state) == [.finished, .finished])
  }

  @Test func `asks its runs to end when it is cancelled, and goes on where they stopped`() throws {
    let sweep = try FakeSweep(two)
    let launcher = FakeLauncher(sweep.folder)
    let cancellation = CancellationFlag()
    launcher.onEpoch = { if $0.epochs.count == 3 { cancellation.set() } }
    #expect(try !sweep.run(launcher, cancellation: cancellation))
    #expect(launcher.open.map(\.stops) == [[false]])
    #expect(try sweep.states().first == "baseline/0: interrupted")
    let again = FakeLauncher(sweep.folder)
    #expect(try sweep.run(again))
    #expect(again.starts.map(\.epochs) == [3, 0])
  }

  @Test func `goes on where a runner broke off, whatever of the database is left`() throws {
    for losesDatabase in [false, true] {
      let sweep = try FakeSweep(two + "seeds: 2")
      let launcher = FakeLauncher(sweep.folder)
      launcher.startsLeft = 2
      #expect(throws: FakeLauncher.NoMoreStarts.self) { try sweep.run(launcher) }
      if losesDatabase {
        for run in sweep.plan.runs { try sweep.store.remove(sweep.folder + "/" + run.folder) }
      }
      let again = FakeLauncher(sweep.folder)
      #expect(try sweep.run(again))
      #expect(again.starts.map(\.name) == sweep.plan.runs[2...].map(\.folder))
      #expect(try sweep.runs().map(\.state) == [.finished, .finished, .finished, .finished])
    }
  }

  @Test func `clears away what a killed process has left half-written`() throws {
    let sweep = try FakeSweep(two)
    let folder = "sweep/" + sweep.plan.runs[0].folder
    // Of this process: it counts as one that runs.
    let partial = ".best.safetensors.\(getpid())-0.partial"
    try sweep.scratch.write("half", to: folder + "/weights/" + partial)
    try sweep.scratch.write("half", to: "sweep/specs/.a.yaml.1-0.partial")
    try sweep.run(FakeLauncher(sweep.folder))
    #expect(!sweep.scratch.exists(folder + "/weights/" + partial))
    #expect(!sweep.scratch.exists("sweep/specs/.a.yaml.1-0.partial"))
    #expect(sweep.scratch.exists(folder + "/weights/last.safetensors"))
  }

  @Test func `adopts a job that outlived its runner instead of starting another`() throws {
    let sweep = try FakeSweep(two)
    let launcher = FakeLauncher(sweep.folder)
    let run = sweep.plan.runs[0]
    let request = LaunchRequest(
      name: run.folder, executable: "", arguments: ["pause_after=4"], log: sweep.scratch.file("log"))
    launcher.orphans[run.folder] = FakeJob(launcher, request)
    try sweep.run(launcher)
    #expect(launcher.starts.map(\.name) == [sweep.plan.runs[1].folder])
    #expect(try sweep.runs().map(\.state) == [.finished, .finished])
    #expect(sweep.notes.contains("baseline, seed 0: its job is still there; waiting for it"))
  }

  @Test func `does not repeat a job that ended while the runner began`() throws {
    let sweep = try FakeSweep(two)
    let launcher = FakeLauncher(sweep.folder)
    let run = sweep.plan.runs[0]
    let request = LaunchRequest(
      name: run.folder, executable: "", arguments: ["pause_after=4"], log: sweep.scratch.file("log"))
    launcher.lateJobs[run.folder] = FakeJob(launcher, request)
    try sweep.run(launcher)
    #expect(launcher.starts.map(\.name) == [sweep.plan.runs[1].folder])
    #expect(try sweep.runs().map(\.state) == [.finished, .finished])
    #expect(try sweep.runs().map(\.epochs.count) == [4, 4])
  }

  @Test func `begins no run after its minutes are spent`() throws {
    let sweep = try FakeSweep(two + "seeds: 2\nbudget: {minutes: 7.5}")
    let launcher = FakeLauncher(sweep.folder)
    #expect(try sweep.run(launcher))
    // Each run has trained for four minutes.
    #expect(launcher.starts.count == 2)
    #expect(try sweep.runs().count { $0.state == .finished } == 2)
  }

  @Test func `keeps to the threads it began with`() throws {
    let sweep = try FakeSweep(two)
    try sweep.run(FakeLauncher(sweep.folder))
    try sweep.scratch.write("{\"threads\":3}", to: "sweep/sweep.json")
    try sweep.run(FakeLauncher(sweep.folder))
    #expect(sweep.notes.contains { $0.hasPrefix("this sweep began with 3 threads a run") })
    #expect(try sweep.scratch.text("sweep/specs/\(sweep.plan.runs[0].folder).yaml").contains("threads: 3"))
  }
}

/// For what the test itself keeps in order.
struct Unchecked<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
