internal import Config
internal import PoseCore
internal import Sweeps

/// What Slurm is asked for on behalf of each run.
public struct SlurmOptions: Sendable, Equatable {
  /// Nil leaves it to the cluster, as for `account`, `time` and `memory`.
  public var partition: String?
  public var account: String?
  /// Slurm's notation: `90` (minutes), `2:30:00`, `1-12:00:00`.
  public var time: String?
  /// Of each run: `8G`.
  public var memory: String?
  /// Of each run, which computes with as many threads.
  public var cpus: Int
  /// More arguments of `sbatch`, such as `--gres=gpu:1`.
  public var extra: [String]
  /// Seconds between two looks at the queue.
  public var poll: Double

  public init(
    partition: String? = nil, account: String? = nil, time: String? = nil, memory: String? = nil,
    cpus: Int = 4,
    extra: [String] = [], poll: Double = 2
  ) {
    self.partition = partition
    self.account = account
    self.time = time
    self.memory = memory
    self.cpus = cpus
    self.extra = extra
    self.poll = poll
  }

  /// Arguments of `sbatch` that stand for these.
  ///
  /// - Parameter minutes: after which the runner itself will end a run, so that Slurm need not plan for more.
  func arguments(minutes: Double?) -> [String] {
    var arguments = ["--ntasks=1", "--cpus-per-task=\(cpus)"]
    if let partition { arguments.append("--partition=\(partition)") }
    if let account { arguments.append("--account=\(account)") }
    if let memory { arguments.append("--mem=\(memory)") }
    if let time {
      // A minute before its time is up a run is asked to end, and goes on from its checkpoint as a new job.
      arguments += ["--time=\(time)", "--signal=B:INT@60"]
    } else if let minutes, minutes < 1_000_000 {
      arguments.append("--time=\(Int(minutes.rounded(.up)) + 5)")
    }
    return arguments + extra
  }
}

extension SlurmLauncher {
  static func register(in registry: inout Registry) throws {
    try registry.launchers.register(
      Component<LauncherContext, any Launcher>(
        "slurm", summary: "job arrays of a Slurm cluster, whose nodes share this file system",
        reference: "Yoo, Jette and Grondona 2003, doi:10.1007/10968987_3",
        parameters: [
          .init("partition", .string(), default: .null, help: "partition; the cluster's standard if empty"),
          .init("account", .string(), default: .null, help: "account that is charged"),
          .init(
            "time", .string(), default: .null,
            help:
              "time limit of a job, such as '2:30:00' or 1-12:00:00; a run that needs more goes on in a new job"
          ),
          .init("memory", .string(), default: .null, help: "memory of a run, such as 8G"),
          .init(
            "cpus", .int(1...1024), default: 4, help: "cores of a run, which computes with as many threads"),
          .init(
            "extra", .stringList(), default: [], help: "more arguments of sbatch, such as [--gres=gpu:1]"),
          .init("poll", .float(1...3600), default: 2, help: "seconds between two looks at the queue"),
        ]
      ) { arguments, context in
        try SlurmLauncher(
          SlurmOptions(
            partition: arguments.optionalString("partition"), account: arguments.optionalString("account"),
            time: arguments.optionalString("time"), memory: arguments.optionalString("memory"),
            cpus: arguments.int("cpus"), extra: arguments.stringList("extra"), poll: arguments.double("poll")),
          jobs: context.jobs, directory: context.directory)
      })
  }
}
