public import ArgumentParser
internal import Config
internal import Downloads
internal import FileSystem
internal import Foundation
public import PoseCore
internal import PoseLab
internal import Sweeps
internal import Training

/// The `poselab` command line, for PoseLab itself and for every program that adds plugins to it.
///
/// ```swift
/// import MyLayers
/// import PoseLabCommands
///
/// PoseLabCommand.main(plugins: [MyLayers.self])
/// ```
public struct PoseLabCommand: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "poselab",
    abstract: "Train, evaluate and use pose models.",
    discussion: """
      Experiments are YAML files; every value of one can be set on the command line, \
      as key=value or --key value:

        poselab train Experiments/quickstart.yaml
        poselab train my.yaml epochs=50 train.lr0=0.005 --mosaic 0
        poselab pose train data=coco-pose.yaml model=yolo11n-pose.yaml imgsz=640
        poselab pose train data=coco-pose.yaml model=yolo11n-pose.pt epochs=100
        poselab predict model=best.safetensors photos/
        poselab export model=best.safetensors format=onnx

      Exit codes: 0 done, 1 failed, 2 bad usage or spec, 74 disk full, 130 interrupted (a training \
      has then written a checkpoint; resume=RUN continues it).
      """,
    subcommands: [
      TrainCommand.self, ValidateCommand.self, PredictCommand.self, EvaluateCommand.self,
      DescribeCommand.self, SchemaCommand.self, ListCommand.self, DataCommand.self, BenchmarkCommand.self,
      ConvertCommand.self, ExportCommand.self, SweepCommand.self, RunsCommand.self, ReportCommand.self,
      PluginCommand.self,
      PoseCommand.self,
    ])

  /// Everything that specs can name in this program.
  @TaskLocal static var registry = Registry()

  public init() {}

  /// Runs the command line of this process with PoseLab's components and those of `plugins`, and exits.
  public static func main(plugins: [any Plugin.Type]) -> Never {
    let outcome = run(Array(CommandLine.arguments.dropFirst()), plugins: plugins)
    Foundation.exit(outcome.rawValue)
  }

  /// Runs one command; what it prints goes to the standard streams.
  static func run(_ arguments: [String], plugins: [any Plugin.Type]) -> CommandOutcome {
    do {
      var registry = try Registry.standard()
      for plugin in plugins { try registry.install(plugin) }
      return $registry.withValue(registry) { run(arguments) }
    } catch {
      Console.error("\(error)")
      return .failed
    }
  }

  /// A word that is no command: the parser itself proposes none.
  private static func checkName(_ arguments: [String]) throws {
    guard let word = arguments.first, !word.hasPrefix("-"), word != "help" else { return }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard !names.contains(word) else { return }
    var hint = suggestion(for: word, among: names)
    if hint.isEmpty { hint = "; there are: \(names.joined(separator: ", "))" }
    throw UsageError("no command named '\(word)'\(hint)")
  }

  private static func run(_ arguments: [String]) -> CommandOutcome {
    do {
      try checkName(arguments)
      var command = try parseAsRoot(PairArguments.expanded(arguments))
      try command.run()
      return .done
    } catch let outcome as CommandOutcome {
      return outcome
    } catch let usage as UsageError {
      Console.error(usage.message)
      return .badUsage
    } catch {
      let code = exitCode(for: error)
      if code == .success {
        Console.output(fullMessage(for: error))
        return .done
      }
      if code == .validationFailure {
        Console.plain(fullMessage(for: error))
        return .badUsage
      }
      Console.error(ErrorText.text(of: error))
      return .failing(with: error)
    }
  }
}

/// How a command ends; the process's exit code.
package enum CommandOutcome: Int32, Error {
  case done = 0
  case failed = 1
  case badUsage = 2
  /// The disk is full; scripts that free space may run the command again. The number is `EX_IOERR` of sysexits.h.
  case diskFull = 74
  case interrupted = 130

  /// The outcome of a command that ended with `error`.
  package static func failing(with error: any Error) -> CommandOutcome {
    if case RunError.diskFull = error { return .diskFull }
    if case SweepError.diskFull = error { return .diskFull }
    if let file = error as? FileError, file.isDiskFull { return .diskFull }
    if let store = error as? StoreError, store.isDiskFull { return .diskFull }
    if let download = error as? DownloadError, download.isDiskFull { return .diskFull }
    return .failed
  }
}
