internal import ArgumentParser
internal import PoseLab
internal import Sweeps

/// `poselab runs`: what the database of results knows.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List, show, compare and remove runs.",
    discussion: """
      Runs of sweeps are entered by themselves, others with 'runs add'. A run is named by its \
      folder or the end of it, as far as it is unmistakable.
      """,
    subcommands: [List.self, Show.self, Diff.self, Add.self, Remove.self])
}

/// Where the results are.
struct StoreArguments: ParsableArguments {
  @Flag(help: "Print one JSON document.")
  var json = false
  @Option(help: ArgumentHelp("The database of results.", valueName: "file"))
  var database = StoreArguments.standard

  static let standard = "runs/results.sqlite"

  /// - Parameter mayBegin: makes the database where it is missing.
  func archive(mayBegin: Bool = false) throws -> RunArchive {
    try UsageError.marking { try RunArchive(database, mayBegin: mayBegin) }
  }
}

extension RunsCommand {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the runs, sweep by sweep.")
    @OptionGroup var common: StoreArguments
    @Argument(help: "Only runs whose folder begins so, or of this sweep.") var prefix: String?

    func run() throws {
      let runs = try common.archive().runs(prefix: prefix)
      if common.json { return Console.output(JSONText.array(runs.map(\.document)).text) }
      if runs.isEmpty { Console.note(prefix.map { "no runs under '\($0)'" } ?? "no runs yet") }
      var table = TextTable(["run", "variant", ">seed", "state", ">AP", ">AP50", ">pose mAP50-95"])
      for run in runs {
        table.add(
          RunArchive.shortened(run.directory), run.variant, "\(run.seed)", run.state.words,
          Figures.figure(run[figure: "coco_keypoints/AP"]),
          Figures.figure(run[figure: "coco_keypoints/AP50"]),
          Figures.figure(run[figure: "yolo_map/metrics/mAP50-95(P)"]))
      }
      Console.output(table.text)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show all that is known of a run.")
    @OptionGroup var common: StoreArguments
    @Argument(help: ArgumentHelp("The run's folder, or the end of it.", valueName: "run")) var name: String

    func run() throws {
      let archive = try common.archive()
      let found = try UsageError.marking { try archive.run(named: name) }
      if common.json { return Console.output(found.document.text) }
      Console.output(RunText.text(found, artefacts: try archive.artefacts(of: found)))
    }
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what differs between two runs: spec, environment, results.")
    @OptionGroup var common: StoreArguments
    @Argument(help: "A run.") var first: String
    @Argument(help: "Another.") var second: String

    func run() throws {
      let archive = try common.archive()
      let (a, b) = try UsageError.marking { (try archive.run(named: first), try archive.run(named: second)) }
      let difference = RunDifference(a, b)
      if common.json { return Console.output(difference.document.text) }
      Console.output(RunText.text(difference, a, b))
    }
  }

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Enter runs from their folders, such as those of 'poselab train'.")
    @OptionGroup var common: StoreArguments
    @Argument(help: "Folders of runs.") var folders: [String]

    func run() throws {
      let archive = try common.archive(mayBegin: true)
      let runs = try folders.map { folder in try UsageError.marking { try archive.add(folder) } }
      if common.json { return Console.output(JSONText.array(runs.map(\.document)).text) }
      for run in runs { Console.plain("\(RunArchive.shortened(run.directory)): \(run.state.words)") }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rm", abstract: "Forget runs; their folders stay unless --files is given.")
    @OptionGroup var common: StoreArguments
    @Flag(help: "Delete the runs' folders, too.") var files = false
    @Argument(help: "Runs.") var runs: [String]

    func run() throws {
      let archive = try common.archive()
      let found = try UsageError.marking { try runs.map { try archive.run(named: $0) } }
      for run in found {
        try archive.remove(run, withFiles: files)
        if common.json { continue }
        Console.plain("\(files ? "deleted" : "forgotten"): \(RunArchive.shortened(run.directory))")
      }
      if common.json { Console.output(JSONText.array(found.map { .string($0.directory) }).text) }
    }
  }
}
