internal import ArgumentParser
internal import Config
internal import PoseLab
internal import Training

/// What the commands that carry out an experiment have in common.
struct ExperimentArguments: ParsableArguments {
  @Flag(help: "Print one JSON document on standard output; all else goes to standard error.")
  var json = false
  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("A spec file, then settings as key=value or --key value.", valueName: "spec|key=value")
  )
  var arguments: [String] = []

  /// Reads the spec with all settings; its remarks go to the log.
  func experiment(
    for mode: Setting.Mode, ownKeys: Set<String> = []
  ) throws -> (experiment: Experiment, arguments: SettingArguments) {
    try UsageError.marking {
      let arguments = try SettingArguments(arguments, mode: mode, ownKeys: ownKeys)
      let experiment = try Experiment(
        file: try arguments.specFile(mode), overriding: arguments.overrides, for: mode,
        registry: PoseLabCommand.registry)
      for note in experiment.spec.notes { Console.plain(note.description) }
      return (experiment, arguments)
    }
  }

  /// Help of a command: examples, then the tables of its settings.
  static func discussion(_ text: String, _ mode: Setting.Mode) -> String {
    text + "\n\nSettings, with their defaults:\n\n" + SettingHelp.tables(for: mode)
  }
}
