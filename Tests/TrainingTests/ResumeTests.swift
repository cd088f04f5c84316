import Foundation
import Interchange
import PoseCore
import Tensor
import Testing
import Training

@Suite struct `A resumed run` {
  /// Where a run is interrupted.
  enum Interruption: String, CaseIterable, Sendable {
    case atStart, afterFirstBatch, betweenSteps, insideSecondEpoch, inValidation, afterLastBatch
  }

  @Test(
    arguments: Array(product(Interruption.allCases, ["sgd", "adamw"]))
      + [
        "adam", "rmsprop", "{type: rmsprop, centered: true}", "lion", "muon", "musgd",
        "{type: muon, fallback: sgd}",
      ]
      .map { (.betweenSteps, $0) })
  func `ends with the same bits as one that was not interrupted`(at place: Interruption, optimizer: String)
    throws
  {
    let workshop = try Workshop()
    let optimizer = try ComponentSpec(text: optimizer, named: "optimizer")
    let whole = try workshop.trainer(
      workshop.spec {
        $0.run.name = "whole"
        $0.optimization.optimizer = optimizer
      }
    ).run()

    let flag = CancellationFlag()
    let watcher = Watcher { event in
      switch (place, event) {
      case (.atStart, .started): flag.set()
      case (.afterFirstBatch, .batch(let at)) where at.epoch == 1 && at.batch == 1: flag.set()
      case (.betweenSteps, .batch(let at)) where at.epoch == 2 && at.batch == 1: flag.set()
      case (.insideSecondEpoch, .batch(let at)) where at.epoch == 2 && at.batch == 2: flag.set()
      case (.inValidation, .validationStarted): flag.set()
      case (.afterLastBatch, .batch(let at)) where at.epoch == 3 && at.batch == 3: flag.set()
      default: break
      }
    }
    let parts = try workshop.spec {
      $0.run.name = "parts"
      $0.optimization.optimizer = optimizer
      $0.execution.workers = 0
    }
    let interrupted = try workshop.trainer(parts, observers: [watcher], cancellation: flag).run()
    #expect(interrupted.ending == .interrupted && interrupted.report == nil)

    var resumed = parts
    resumed.options.run.resume = interrupted.directory
    var start: RunSummary?
    let ended = try workshop.trainer(
      resumed, observers: [Watcher { if case .started(let summary) = $0 { start = summary } }]
    ).run()
    #expect(ended.ending == .completed && ended.directory == interrupted.directory)
    #expect(place == .atStart || start?.resumedAt != nil)
    try expectSame(whole.directory, ended.directory)
  }

  @Test
  func `in bfloat16 ends with the same bits as one that was not interrupted, and others than in 32 bits`()
    throws
  {
    let workshop = try Workshop()
    func run(_ name: String, _ precision: Precision, stopping: Bool = false) throws -> String {
      let spec = try workshop.spec {
        $0.run.name = name
        $0.execution.precision = precision
        $0.execution.engine = "onednn"
        $0.execution.threads = 1
      }
      let flag = CancellationFlag()
      let watcher = Watcher {
        if case .batch(let at) = $0, at.epoch == 2, at.batch == 2, stopping { flag.set() }
      }
      let first = try workshop.trainer(spec, observers: [watcher], cancellation: flag).run()
      guard stopping else { return first.directory }
      var rest = spec
      rest.options.run.resume = first.directory
      return try workshop.trainer(rest).run().directory
    }
    let whole = try run("whole", .bfloat16)
    try expectSame(whole, try run("parts", .bfloat16, stopping: true))
    let exact = try run("exact", .float32)
    func weights(_ folder: String) throws -> Foundation.Data {
      try Foundation.Data(contentsOf: URL(filePath: folder + "/weights/last.safetensors"))
    }
    #expect(try weights(whole) != weights(exact))
    func loss(_ folder: String) throws -> Double {
      let text = try String(contentsOfFile: folder + "/metrics.jsonl", encoding: .utf8)
      let first = try #require(text.split(separator: "\n").first)
      let figures = try #require(
        try JSONSerialization.jsonObject(with: Foundation.Data(first.utf8)) as? [String: Any])
      return try #require(figures["train/pose_loss"] as? Double)
    }
    #expect(try abs(loss(whole) / loss(exact) - 1) < 0.03)
  }

  @Test func `goes on from the checkpoint of an epoch after a kill`() throws {
    let workshop = try Workshop()
    let whole = try workshop.trainer(workshop.spec { $0.run.name = "whole" }).run()
    var saved = 0
    let watcher = Watcher { event in
      if case .checkpoint(let path, false) = event, path.hasSuffix("last.safetensors") { saved += 1 }
      // Between the best checkpoint of the second epoch and the last one.
      if case .checkpoint(_, true) = event, saved == 2 { throw Killed() }
      if case .batch(let at) = event, at.epoch == 3 { throw Killed() }
    }
    let spec = try workshop.spec { $0.run.name = "killed" }
    #expect(throws: Killed.self) { try workshop.trainer(spec, observers: [watcher]).run() }
    var resumed = spec
    resumed.options.run.resume = workshop.folder + "/runs/killed/weights/last.safetensors"
    let ended = try workshop.trainer(resumed).run()
    try expectSame(whole.directory, ended.directory)
  }

  @Test func `begins again after a kill in its first epoch`() throws {
    let workshop = try Workshop()
    let whole = try workshop.trainer(workshop.spec { $0.run.name = "whole" }).run()
    let watcher = Watcher { event in
      if case .batch = event { throw Killed() }
    }
    var spec = try workshop.spec { $0.run.name = "killed" }
    #expect(throws: Killed.self) { try workshop.trainer(spec, observers: [watcher]).run() }
    spec.options.run.resume = workshop.folder + "/runs/killed"
    try expectSame(whole.directory, try workshop.trainer(spec).run().directory)
  }

  private struct Killed: Error {}

  @Test func `is refused when there is nothing to resume, or it is done`() throws {
    let workshop = try Workshop()
    var spec = try workshop.spec { $0.schedule.epochs = 1 }
    let outcome = try workshop.trainer(spec).run()
    spec.options.run.resume = outcome.directory
    #expect(throws: RunError.alreadyFinished(outcome.directory, epochs: 1)) { try workshop.trainer(spec) }
    spec.options.run.resume = workshop.folder + "/nowhere"
    #expect(throws: RunError.nothingToResume(workshop.folder + "/nowhere")) { try workshop.trainer(spec) }
  }

  @Test func `is refused with a checkpoint that is truncated, foreign, or of another optimiser`() throws {
    let workshop = try Workshop()
    var spec = try workshop.spec { $0.schedule.epochs = 1 }
    let directory = try workshop.trainer(spec).run().directory
    let last = directory + "/weights/last.safetensors"
    let good = try Data(contentsOf: URL(filePath: last))
    spec.options.run.resume = directory
    spec.options.schedule.epochs = 2

    try good.dropLast(1000).write(to: URL(filePath: last))
    let truncated = #expect(throws: SafetensorsError.self) { try workshop.trainer(spec) }
    #expect(truncated?.description.hasPrefix(last) == true)

    try Data("not a checkpoint at all".utf8).write(to: URL(filePath: last))
    #expect(throws: SafetensorsError.self) { try workshop.trainer(spec) }

    var other = SafetensorsWriter()
    other.add("backbone.weight", shape: [2], floats: [1, 2])
    try other.write(to: last)
    #expect(throws: CheckpointError.noTrainingState(path: last)) { try workshop.trainer(spec) }

    try good.write(to: URL(filePath: last))
    spec.options.optimization.optimizer = "adamw"
    #expect(throws: CheckpointError.otherOptimizer(path: last, found: "sgd", wanted: "adamw")) {
      try workshop.trainer(spec)
    }
  }

  @Test func `may be given more epochs`() throws {
    let workshop = try Workshop()
    var spec = try workshop.spec { $0.schedule.epochs = 1 }
    let outcome = try workshop.trainer(spec).run()
    spec.options.run.resume = outcome.directory
    spec.options.schedule.epochs = 2
    #expect(try workshop.trainer(spec).run().history.map(\.epoch) == [1, 2])
  }

  private func expectSame(_ a: String, _ b: String) throws {
    for name in ["last", "best"] {
      let one = try SafetensorsFile(path: "\(a)/weights/\(name).safetensors")
      let two = try SafetensorsFile(path: "\(b)/weights/\(name).safetensors")
      #expect(one.names == two.names)
      for tensor in one.names {
        let (left, right) = (try one.tensor(named: tensor), try two.tensor(named: tensor))
        #expect(left.bytes == right.bytes, "\(name): \(tensor)")
      }
    }
    let states = try [a, b].map { directory -> LoopState in
      var state = try Checkpoint("\(directory)/weights/last.safetensors").loopState()
      state.identity = nil
      state.seconds = 0
      state.epochSeconds = 0
      for index in state.history.indices {
        state.history[index].seconds = 0
        state.history[index].imagesPerSecond = 0
      }
      return state
    }
    #expect(states[0] == states[1])
  }
}

@Suite struct `The identity of a run` {
  @Test func `tells what has changed since it began`() {
    let before = RunIdentity(
      options: TrainingOptions(), trainFingerprint: "a", validationFingerprint: "b", engine: "openblas")
    var after = before
    after.options.run.resume = "runs/pose/train"
    after.options.execution.workers = 1
    #expect(before.differences(from: after).isEmpty)
    after.trainFingerprint = "c"
    after.options.optimization.lr0 = 0.5
    after.options.schedule.epochs = 120
    #expect(
      before.differences(from: after) == [
        "the training images or their labels have changed since the run began",
        "settings have changed since the run began: epochs 100 → 120, lr0 0.01 → 0.5",
      ])
  }
}

/// Every pair.
private func product<A, B>(_ a: [A], _ b: [B]) -> [(A, B)] { a.flatMap { one in b.map { (one, $0) } } }
