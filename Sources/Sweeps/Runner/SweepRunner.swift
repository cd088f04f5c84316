internal import Foundation
public import PoseCore
public import Training

/// Carries out a plan: starts runs, watches them, continues what was begun, and enters results into the store.
///
/// What is done is read from the runs' folders alone, so the runner may be killed at any instant and started again: a
/// finished run is never repeated, a half-done one goes on from its checkpoint, and one that still works without its
/// runner is waited for. Times are taken from a clock that cannot be set.
public final class SweepRunner {
  public let plan: SweepPlan
  public let directory: SweepDirectory
  public let store: ResultStore
  let launcher: any Launcher
  let registry: Registry
  let options: Options
  let observe: (SweepEvent) -> Void
  let clock = ContinuousClock()
  var entries: [Entry] = []

  public struct Options: Sendable {
    /// The program that trains: this one.
    public var executable: String
    /// Try runs again that failed or timed out.
    public var retriesFailed = false
    /// How often a run that was killed is continued, without an epoch in between.
    public var restarts = 2
    /// Seconds between two looks at the runs.
    public var interval = 0.25
    /// Seconds that a run has to end after it was asked to.
    public var grace = 20.0
    /// Measures milliseconds an image of a run's model, once all runs are done; nil leaves it out.
    public var latency: (@Sendable (ExperimentSpec) throws -> Double)?

    public init(executable: String) { self.executable = executable }
  }

  /// One run as the runner sees it.
  struct Entry {
    let run: SweepPlan.Run
    let position: Int
    var state = RunState.pending
    var reason: String?
    var job: (any LaunchedJob)?
    /// A process that another runner left behind.
    var stranger: Int?
    var isStranger = false
    var started: ContinuousClock.Instant?
    var lastSign: ContinuousClock.Instant?
    var logSize = 0
    var epochs: [EpochRecord] = []
    /// Times it was killed since its last epoch.
    var kills = 0
    /// Times it ended by itself before it was done, since its last epoch.
    var idleEnds = 0
    var stopAsked: ContinuousClock.Instant?
    var isOvertime = false
    var overtimeReason = ""
    /// Epoch up to which it is trained at present.
    var target: Int
    var result: RunResult?
  }

  public init(
    _ plan: SweepPlan, in directory: SweepDirectory, store: ResultStore, launcher: any Launcher,
    registry: Registry, options: Options, observe: @escaping (SweepEvent) -> Void
  ) {
    self.plan = plan
    self.directory = directory
    self.store = store
    self.launcher = launcher
    self.registry = registry
    self.options = options
    self.observe = observe
  }

  /// Runs until nothing is left to do.
  ///
  /// - Parameter cancellation: set to end: runs write a checkpoint and end, too.
  /// - Returns: false if it was cancelled.
  /// - Throws: `SweepError`, `StoreError`, and what the launcher throws; runs under way are asked to end then.
  public func run(cancellation: CancellationFlag) throws -> Bool {
    do {
      try prepare()
      while !cancellation.isSet {
        try look()
        try advanceRungs()
        let isBusy = try startNext()
        observe(.progress(progress))
        if !isBusy { break }
        Thread.sleep(forTimeInterval: options.interval)
      }
      if cancellation.isSet {
        try stopAll()
        return false
      }
      try measureLatencies()
      return true
    } catch {
      try? stopAll()
      throw error
    }
  }

  // Beginning

  private func prepare() throws {
    let machine = try directory.machine(wanted: SweepDirectory.Machine(threads: launcher.threadsPerJob))
    if machine.threads != launcher.threadsPerJob {
      observe(
        .note(
          "this sweep began with \(machine.threads) threads a run and keeps to them, so that its numbers stay the same"
        ))
    }
    try directory.writeSpecs(plan, threads: machine.threads, registry: registry)
    try store.save(plan.stored(in: directory.path), runs: plan.runs.map(directory.folder))
    let known = Dictionary(
      try store.runs(sweep: directory.path, isWhole: false).map { ($0.directory, $0) }
    ) { first, _ in first }
    entries = plan.runs.enumerated().map { Entry(run: $1, position: $0, target: $1.epochs) }
    for index in entries.indices {
      let run = entries[index].run
      if let earlier = known[directory.folder(of: run)] {
        let isSettled = earlier.state == .failed || earlier.state == .timedOut
        if isSettled && !options.retriesFailed {
          entries[index].state = earlier.state
          entries[index].reason = earlier.reason
        }
        entries[index].result = earlier
      }
      refreshEpochs(index)
      if directory.isFinished(run) {
        try finish(index)
      } else if directory.isResumable(run), !entries[index].state.isFinal {
        entries[index].state = .interrupted
      }
      // What is planned is known from the beginning, so that a report can say what it lacks.
      if entries[index].result == nil {
        try store.save(try result(of: index), sweep: directory.path, position: index)
      }
    }
  }

  /// Reads how many epochs a run has done.
  func refreshEpochs(_ index: Int) {
    let file = directory.folder(of: entries[index].run) + "/metrics.jsonl"
    guard let text = try? String(contentsOfFile: file, encoding: .utf8),
      let records = try? ResultsTable(jsonLines: text).records
    else { return }
    if records.count > entries[index].epochs.count {
      entries[index].kills = 0
      entries[index].idleEnds = 0
      entries[index].lastSign = clock.now
    }
    entries[index].epochs = records
  }

  // Starting

  /// Starts what there is room for.
  ///
  /// - Returns: whether anything is under way or can be started.
  private func startNext() throws -> Bool {
    var busy = entries.count { $0.state == .running }
    let before = busy
    for index in entries.indices where busy < launcher.capacity {
      guard wantsStart(entries[index]) else { continue }
      if isBudgetSpent { break }
      try start(index)
      busy += 1
    }
    if busy > before { try launcher.submit() }
    return busy > 0 || (!isBudgetSpent && entries.contains(where: wantsStart))
  }

  private func wantsStart(_ entry: Entry) -> Bool {
    (entry.state == .pending || entry.state == .interrupted) && entry.epochs.count < entry.target
      || entry.state == .interrupted && entry.target == entry.run.epochs
  }

  private var isBudgetSpent: Bool {
    guard let minutes = plan.spec.budget.minutes else { return false }
    return entries.reduce(0) { $0 + ($1.epochs.last?.seconds ?? 0) } >= minutes * 60
  }

  private func start(_ index: Int) throws {
    let run = entries[index].run
    let request = request(for: index)
    let adopted = try launcher.adopt(request)
    let stranger = adopted == nil ? directory.stranger(on: run) : (isThere: false, process: nil)
    if adopted == nil, !stranger.isThere {
      // A job left by another runner may have ended since the run's files were read.
      refreshEpochs(index)
      if directory.isFinished(run) { return try finish(index) }
    }
    entries[index].started = clock.now
    entries[index].lastSign = clock.now
    entries[index].stopAsked = nil
    entries[index].isOvertime = false
    entries[index].state = .running
    entries[index].reason = nil
    if let adopted {
      entries[index].job = adopted
      observe(.note("\(run.variant), seed \(run.seed): its job is still there; waiting for it"))
    } else if stranger.isThere {
      entries[index].isStranger = true
      entries[index].stranger = stranger.process
      observe(
        .note(
          "\(run.variant), seed \(run.seed): still being trained by a process left behind; waiting for it"))
    } else {
      entries[index].job = try launcher.start(request)
    }
    try keep(index)
  }

  private func request(for index: Int) -> LaunchRequest {
    let entry = entries[index]
    let resumed = directory.isResumable(entry.run)
    var arguments = ["train"]
    arguments +=
      resumed
      ? ["resume=" + directory.folder(of: entry.run)] : [directory.specFile(of: entry.run), "exist_ok=true"]
    arguments.append("pause_after=\(entry.target)")
    return LaunchRequest(
      name: entry.run.folder, executable: options.executable, arguments: arguments,
      log: directory.log(of: entry.run), minutes: plan.spec.limits.minutes)
  }

  // Ending

  /// Asks all runs to end, and waits for them; whatever goes wrong meanwhile is told when they have.
  private func stopAll() throws {
    var failure: (any Error)?
    func trying(_ body: () throws -> Void) {
      do { try body() } catch { failure = failure ?? error }
    }
    for index in entries.indices where entries[index].state == .running {
      entries[index].job?.stop(atOnce: false)
    }
    let asked = clock.now
    while entries.contains(where: { $0.state == .running && $0.job != nil }) {
      trying { try look() }
      observe(.progress(progress))
      if clock.now > asked + .seconds(options.grace) { entries.forEach { $0.job?.stop(atOnce: true) } }
      if clock.now > asked + .seconds(options.grace * 3) { break }
      Thread.sleep(forTimeInterval: options.interval / 2)
    }
    // What another process trains goes on there.
    for index in entries.indices where entries[index].state == .running {
      entries[index].state = .interrupted
      trying { try keep(index) }
    }
    if let failure { throw failure }
  }
}
