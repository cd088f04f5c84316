import Config
import Foundation
import PoseCore
import Testing
import Training

@Suite struct `Loggers of a run` {
  private func assembly(
    _ workshop: Workshop, _ spec: RunSpec, _ loggers: [String: RecordingLogger]
  ) throws -> TrainingAssembly {
    var registry = try Workshop.registry()
    for (name, logger) in loggers.sorted(by: { $0.key < $1.key }) {
      try registry.loggers.register(
        Component(name, summary: "keeps what it hears") { _, _ in logger })
    }
    var spec = spec
    spec.loggers = loggers.keys.sorted().map { ComponentSpec(name: $0) }
    return try TrainingAssembly(spec, registry: registry)
  }

  @Test func `hear of the run in its order`() throws {
    let workshop = try Workshop()
    let logger = RecordingLogger()
    let spec = try workshop.spec {
      $0.schedule.epochs = 2
      $0.run.plots = true
    }
    let outcome = try assembly(workshop, spec, ["ear": logger]).trainer().run()
    #expect(logger.calls.first == "start")
    #expect(logger.calls.filter { $0.hasPrefix("epoch") } == ["epoch 1", "epoch 2"])
    #expect(logger.calls.contains("picture train_batch0 of 0"))
    #expect(logger.calls.contains("picture results of 2"))
    #expect(logger.calls.last == "completed")
    #expect(logger.records == outcome.history)
    let run = try #require(logger.runs.first)
    #expect(run.directory == outcome.directory && !run.isResumed && run.history.isEmpty)
    #expect(run.settings.map(\.path) == ["model"] && run.settings.map(\.value) == ["pico.yaml"])
    let names = Set(run.model.nodes.map(\.name))
    #expect(run.model.nodes.first?.outputShapes == [[64, 64, 3]])
    #expect(names.count == run.model.nodes.count && run.model.nodes.count > 3)
    #expect(run.model.nodes.dropFirst().allSatisfy { !$0.inputs.isEmpty && names.isSuperset(of: $0.inputs) })
    #expect(
      run.model.nodes.reduce(0) { $0 + $1.parameterCount } == run.summary.parameters)
  }

  @Test func `only warn when they fail, once for each reason, and change nothing`() throws {
    let workshop = try Workshop()
    let (good, bad) = (RecordingLogger(), RecordingLogger())
    bad.fault = "the disk is full"
    bad.warnings = ["the server is away"]
    var warnings: [String] = []
    let watcher = Watcher { event in
      if case .warning(let text) = event { warnings.append(text) }
    }
    let spec = try workshop.spec()
    let logged = try assembly(workshop, spec, ["bad": bad, "good": good])
      .trainer(observers: [watcher]).run()
    #expect(
      warnings == [
        "logger 'bad': the disk is full", "logger 'bad': the server is away",
        "logger 'bad': the same happened 8 more times",
      ])
    #expect(good.calls.last == "completed")
    let plain = try assembly(workshop, spec, [:]).trainer().run()
    #expect(plain.bestFitness == logged.bestFitness)
    #expect(
      try Foundation.Data(contentsOf: URL(filePath: plain.directory + "/weights/best.safetensors"))
        == Foundation.Data(contentsOf: URL(filePath: logged.directory + "/weights/best.safetensors")))
  }

  @Test func `hear what was done before when a run goes on`() throws {
    let workshop = try Workshop()
    let first = RecordingLogger()
    var spec = try workshop.spec { $0.schedule.pauseAfter = 1 }
    let paused = try assembly(workshop, spec, ["ear": first]).trainer().run()
    #expect(first.calls == ["start", "epoch 1", "paused"])
    spec.options.schedule.pauseAfter = nil
    spec.options.run.resume = paused.directory
    let second = RecordingLogger()
    let outcome = try assembly(workshop, spec, ["ear": second]).trainer().run()
    #expect(second.runs.first?.isResumed == true)
    #expect(second.runs.first?.history == first.records)
    #expect(first.records + second.records == outcome.history)
  }

  @Test func `hear of a run that breaks off`() throws {
    let workshop = try Workshop()
    let logger = RecordingLogger()
    struct Broken: Error, CustomStringConvertible { let description = "broken off" }
    let watcher = Watcher { event in
      if case .epochFinished = event { throw Broken() }
    }
    #expect(throws: Broken.self) {
      try assembly(workshop, try workshop.spec(), ["ear": logger]).trainer(observers: [watcher]).run()
    }
    #expect(logger.calls.last == "failed: broken off")
  }

  @Test func `are named by experiments`() throws {
    var registry = try Workshop.registry()
    try registry.loggers.register(
      Component(
        "ear", summary: "hears", parameters: [.init("port", .int(1...9), default: 3, help: "where")]
      ) { _, _ in RecordingLogger() })
    func spec(_ log: String) throws -> [String] {
      let document = try Document(text: "model: a\ndata: b\nlog: {loggers: \(log)}\n", name: "x.yaml")
      let spec = try ExperimentSpec(document.root, for: .train, registry: registry)
      return spec.loggers.components.map(\.text)
    }
    #expect(try spec("ear") == ["ear"])
    #expect(try spec("[ear, {type: ear, port: 5}]") == ["ear", "{type: ear, port: 5}"])
    #expect(try spec("null") == [])
    #expect(throws: DiagnosticList.self) { try spec("eear") }
    do {
      _ = try spec("[ear, {type: eear}, {type: ear, port: 12}]")
    } catch {
      #expect("\(error)".contains("x.yaml:3:29: error: no logger named 'eear'; did you mean 'ear'?"))
      #expect("\(error)".contains("'port' must be a whole number from 1 to 9"))
    }
  }
}

/// Writes down what it hears.
///
/// `@unchecked Sendable`: a test uses it on one thread.
private final class RecordingLogger: RunLogger, @unchecked Sendable {
  var calls: [String] = []
  var runs: [LoggedRun] = []
  var records: [EpochRecord] = []
  var fault: String?
  var warnings: [String] = []

  private struct Fault: Error, CustomStringConvertible { let description: String }

  private func note(_ call: String) throws {
    calls.append(call)
    if let fault { throw Fault(description: fault) }
  }

  func start(_ run: LoggedRun) throws {
    runs.append(run)
    try note("start")
  }

  func log(_ record: EpochRecord) throws {
    records.append(record)
    try note("epoch \(record.epoch)")
  }

  func log(_ picture: LoggedPicture) throws { try note("picture \(picture.name) of \(picture.epoch)") }

  func finish(_ ending: LoggedEnding) throws {
    switch ending {
    case .ended(let outcome): try note(outcome.ending.rawValue)
    case .failed(let text): try note("failed: \(text)")
    }
  }

  func takeWarnings() -> [String] { warnings }
}
