internal import ArgumentParser
internal import Config
internal import FileSystem
internal import PoseCore
internal import PoseLab
internal import Sweeps
internal import Training

/// `poselab sweep`: ablations from their YAML file to their results.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Carry out an ablation: many runs of one experiment.",
    discussion: """
      An ablation is an experiment with a section 'ablation', which says how its runs differ:

        extends: ../quickstart.yaml
        ablation:
          mode: grid            # or one_at_a_time, cases, random, successive_halving
          seeds: [0, 1, 2]
          axes:
            neck: { pafpn: {}, fpn: { model.neck: fpn } }
            train.lr0: [0.01, 0.005]

        poselab sweep plan Experiments/ablations/quickstart.yaml
        poselab sweep run Experiments/ablations/quickstart.yaml
        poselab report runs/sweeps/quickstart
      """,
    subcommands: [Plan.self, Run.self])
}

/// What both subcommands take.
struct SweepArguments: ParsableArguments {
  @Flag(help: "Print one JSON document on standard output; all else goes to standard error.")
  var json = false
  @Option(help: ArgumentHelp("Folder of sweeps.", valueName: "folder"))
  var project = "runs/sweeps"
  @Argument(help: ArgumentHelp("The ablation's YAML file.", valueName: "spec"))
  var spec: String
  @Argument(help: ArgumentHelp("Settings of the base experiment, or ablation.…", valueName: "key=value"))
  var settings: [String] = []

  func sweep() throws -> Sweep {
    try UsageError.marking {
      let arguments = try SettingArguments(settings, mode: .train)
      if let file = arguments.files.first {
        throw UsageError("one ablation at a time; '\(file)' is no setting key=value")
      }
      var sweep = try Sweep(
        file: spec, overriding: arguments.overrides, registry: PoseLabCommand.registry)
      sweep.project = project
      return sweep
    }
  }
}

extension SweepCommand {
  /// Shows the runs and what they cost; starts nothing.
  struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the runs, their differences from the baseline, and what they will take.",
      discussion: """
        Everything is checked as 'train' would. The time is estimated from a few measured steps \
        of each model; --no-estimate leaves that out.
        """)

    @OptionGroup var common: SweepArguments
    @Flag(inversion: .prefixedNo, help: "Measure a few steps to estimate the time.")
    var estimate = true

    func run() throws {
      let sweep = try common.sweep()
      let plan = try UsageError.marking(specFaults: true) { try sweep.plan(measuresCost: estimate) }
      if common.json { return Console.output(plan.document.text) }
      for note in plan.notes { Console.note(note) }
      Console.output(plan.table)
    }
  }

  /// Runs the ablation, or goes on with it.
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Carry out the runs, or go on where an earlier call stopped.",
      discussion: """
        Each run is a process of its own. One that fails, or takes longer than its limit, is \
        marked with the reason, and the others go on. Finished runs are never repeated; half-done \
        ones go on from their checkpoints. Ctrl-C ends all after their step at hand.

        Exit codes: 0 all runs finished (or were stopped as weak), 1 some failed, 2 bad spec, \
        74 disk full, 130 interrupted.
        """)

    @OptionGroup var common: SweepArguments
    @Option(help: ArgumentHelp("Runs at once; they share the cores.", valueName: "number"))
    var jobs: Int?
    @Option(
      help: ArgumentHelp("How runs are started; 'poselab list launcher' shows them.", valueName: "name"))
    var launcher = "local"
    @Flag(name: .customLong("retry-failed"), help: "Try runs again that failed or timed out.")
    var retriesFailed = false

    func run() throws {
      if let jobs, jobs < 1 || jobs > 100_000 { throw UsageError("--jobs must be 1 or more, but is \(jobs)") }
      let sweep = try common.sweep()
      let plan = try UsageError.marking(specFaults: true) { try sweep.plan() }
      for note in plan.notes { Console.note(note) }
      let chosen = try UsageError.marking {
        let spec = try Self.component(launcher)
        _ = try PoseLabCommand.registry.launchers.resolve(spec)
        return spec
      }
      let cancellation = Interruption.listen()
      let table = SweepTable(isTerminal: Console.isTerminal, columns: Console.width, write: Console.raw)
      let isDone = try sweep.run(
        plan, launcher: chosen, jobs: jobs, executable: Sweep.thisProgram(), retriesFailed: retriesFailed,
        cancellation: cancellation, observe: table.handle)
      table.close()
      guard let results = try sweep.results() else { throw CommandOutcome.failed }
      if common.json { Console.output(results.document.text) } else { Console.output(results.table) }
      if !isDone { throw CommandOutcome.interrupted }
      Console.plain("poselab report \(sweep.directory) writes the report")
      if results.runs.contains(where: { $0.state == .failed || $0.state == .timedOut }) {
        throw CommandOutcome.failed
      }
    }

    /// `local`, or with arguments: `{type: slurm, partition: gpu}`.
    private static func component(_ text: String) throws -> ComponentSpec {
      let override = try Override.parse(["launcher=" + text])
      return try ComponentSpec(override[0].value, named: "launcher")
    }
  }
}
