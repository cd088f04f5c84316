internal import FileSystem
internal import Foundation
public import Sweeps

/// Runs jobs on a Slurm cluster whose nodes share the file system of this machine.
///
/// What a round starts becomes one job array. Jobs outlive the runner: their numbers are kept in the sweep's folder,
/// and a runner that is started again adopts what still waits or runs. A job near its time limit is asked to end, and
/// its run goes on from its checkpoint in a new job.
public final class SlurmLauncher: Launcher {
  public let capacity: Int
  public var threadsPerJob: Int { options.cpus }

  private let options: SlurmOptions
  private let commands: SlurmCommands
  private var journal: SlurmJournal
  private var collected: [(request: LaunchRequest, job: SlurmJob)] = []
  /// Those that were submitted and have not ended.
  private var jobs: [SlurmJob] = []
  private let clock = ContinuousClock()
  private var lastLook: ContinuousClock.Instant?
  private var silentSince: ContinuousClock.Instant?

  /// Tasks of one array; Slurm's own limit is 1001 unless the cluster sets another.
  private static let largestArray = 1000
  /// How long Slurm may be out of reach before the sweep gives up.
  private static let patience = Duration.seconds(900)

  /// - Parameters:
  ///   - jobs: at once in Slurm's queue; nil for 1000.
  ///   - directory: the sweep's folder.
  ///   - environment: of Slurm's commands and of the jobs; nil for that of this process.
  /// - Throws: `SlurmError` without Slurm's commands.
  public init(
    _ options: SlurmOptions = SlurmOptions(), jobs: Int? = nil, directory: String,
    environment: [String: String]? = nil
  ) throws {
    self.options = options
    capacity = max(1, jobs ?? Self.largestArray)
    commands = try SlurmCommands(environment: environment ?? ProcessInfo.processInfo.environment)
    journal = try SlurmJournal(directory + "/slurm")
    for batch in journal.openBatches { try journal.close(batch, job: try commands.job(named: batch)) }
  }

  public func start(_ request: LaunchRequest) -> any LaunchedJob {
    let job = SlurmJob(self)
    collected.append((request, job))
    return job
  }

  public func adopt(_ request: LaunchRequest) throws -> (any LaunchedJob)? {
    guard let task = journal.entries[request.name]?.task,
      let status = try commands.status(of: [task.job]).last(where: { $0.matches(task) }), status.ending == nil
    else { return nil }
    let job = SlurmJob(self)
    job.task = task
    job.isRunning = status.isRunning
    jobs.append(job)
    return job
  }

  public func submit() throws {
    do {
      while !collected.isEmpty { try submit(Array(collected.prefix(Self.largestArray))) }
    } catch {
      for entry in collected { entry.job.ending = .exited(130) }
      collected = []
      throw error
    }
  }

  private func submit(_ batch: [(request: LaunchRequest, job: SlurmJob)]) throws {
    let name = "poselab-" + UUID().uuidString.prefix(13).lowercased()
    let script = journal.folder + "/" + name + ".sh"
    try AtomicFile.write(SlurmScript.text(batch.map(\.request)), to: script, durable: false)
    try journal.add(name, runs: batch.map(\.request.name))
    let arguments =
      [
        "--job-name=\(name)", "--array=0-\(batch.count - 1)", "--no-requeue",
        "--output=\(journal.folder)/\(name)-%a.out",
      ] + options.arguments(minutes: batch.compactMap(\.request.minutes).max()) + [script]
    let number: Int
    do {
      number = try submit(arguments, named: name)
    } catch {
      try journal.close(name, job: nil)
      throw error
    }
    for (index, entry) in batch.enumerated() {
      entry.job.task = SlurmTask(job: number, index: index)
      jobs.append(entry.job)
    }
    collected.removeFirst(batch.count)
    try journal.close(name, job: number)
  }

  /// A busy controller is asked again; it may have taken the job without saying so.
  private func submit(_ arguments: [String], named name: String) throws -> Int {
    for _ in 0..<5 {
      do {
        return try commands.submit(arguments)
      } catch let error as SlurmError where error.isPassing {
        Thread.sleep(forTimeInterval: options.poll)
        if let job = try? commands.job(named: name) { return job }
      }
    }
    return try commands.submit(arguments)
  }

  // Looking

  /// Brings all jobs up to date, no more often than asked for.
  func refresh() throws {
    let hasWishes = jobs.contains { $0.wish > $0.granted }
    if let lastLook, !hasWishes, clock.now - lastLook < .seconds(options.poll) { return }
    lastLook = clock.now
    do {
      try look()
      if hasWishes { try grantWishes() }
      silentSince = nil
    } catch {
      let since = silentSince ?? clock.now
      silentSince = since
      if clock.now - since > Self.patience { throw error }
    }
    jobs.removeAll { $0.ending != nil }
  }

  private func look() throws {
    let numbers = Set(jobs.compactMap { $0.task?.job }).sorted()
    guard !numbers.isEmpty else { return }
    let found = try commands.status(of: numbers)
    let tasks = Dictionary(
      found.compactMap { status in status.index.map { (SlurmTask(job: status.job, index: $0), status) } }
    ) { _, last in last }
    for job in jobs {
      guard let task = job.task else { continue }
      guard let status = tasks[task] ?? found.last(where: { $0.index == nil && $0.job == task.job }) else {
        vanished(job, task)
        continue
      }
      job.absences = 0
      job.isRunning = status.isRunning
      guard let ending = status.ending else { continue }
      job.ending = job.wish != .none && status.state == "CANCELLED" ? .exited(130) : ending
    }
  }

  /// The controller forgets a job some minutes after its end, and at once where it was cancelled before it began.
  private func vanished(_ job: SlurmJob, _ task: SlurmTask) {
    job.absences += 1
    guard job.absences > 1 else { return }
    if job.wish != .none {
      job.ending = .exited(130)
    } else {
      job.ending =
        commands.account(of: task)?.ending
        ?? .lost("Slurm no longer knows job \(task); it was cancelled, or ended while Slurm was out of reach")
    }
  }

  private func grantWishes() throws {
    let open = jobs.filter { $0.wish > $0.granted && $0.ending == nil }
    let interrupted = open.filter { $0.wish == .checkpoint && $0.isRunning }
    try commands.interrupt(interrupted.compactMap(\.task))
    let cancelled = open.filter { $0.wish == .end || !$0.isRunning }
    try commands.cancel(cancelled.compactMap(\.task))
    for job in open { job.granted = job.wish }
  }
}
