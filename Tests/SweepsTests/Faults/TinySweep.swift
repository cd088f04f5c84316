import Foundation
import Sweeps
import Testing
import Training

/// Four runs of three epochs on tiny pictures, by the program itself in a folder of its own.
final class TinySweep {
  private let scratch: Scratch
  var path: String { scratch.path }
  /// Folder of the sweep and of its database.
  var runs: String

  static let executable = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "poselab").path
  private static let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/model/pico.yaml").path

  /// - Parameter runs: where the runs go; `runs` in the folder if nil.
  init(runs: String? = nil) throws {
    scratch = try Scratch()
    self.runs = runs ?? scratch.file("runs")
    try scratch.write(
      """
      model: \(Self.model)
      data:
        synth: {output: people, images: 14, size: 64, seed: 3, validation_fraction: 0.29}
      train: {epochs: 3, imgsz: 64, batch: 4, nbs: 4, threads: 1, workers: 1, engine: openblas, close_mosaic: 1}
      log: {plots: false}
      ablation:
        seeds: [0, 1]
        axes:
          augment: {standard: {}, plain: {mosaic: 0, fliplr: 0}}

      """, to: "tiny.yaml")
  }

  var folder: String { runs + "/sweeps/tiny" }

  /// The runner; what it prints goes to `output`.
  func start(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> Process {
    let process = Process()
    // A preloaded library may move the environment of the first process it meets, behind which Swift looks for its
    // arguments; `env` becomes the program, in the same process.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [Self.executable, "sweep", "run", "tiny.yaml", "--project", runs + "/sweeps"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    if !scratch.exists("output") { try scratch.write("", to: "output") }
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.file("output")))
    try output.seekToEnd()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    return process
  }

  func output() throws -> String { try scratch.text("output") }

  /// Runs it to its end.
  func run(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> (
    code: Int32, output: String
  ) {
    let before = (try? output().count) ?? 0
    let process = try start(arguments, environment: environment)
    process.waitUntilExit()
    return (process.terminationStatus, String(try output().dropFirst(before)))
  }

  /// Runs it to its end and tells what came out, without what depends on the place and the hour.
  func finish(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> [Outcome] {
    let (code, output) = try run(arguments + ["--retry-failed"], environment: environment)
    try #require(code == 0, "\(output)")
    return try outcomes()
  }

  /// Another command of the program, in the same folder.
  func poselab(_ arguments: String...) throws -> (code: Int32, output: String) { try poselab(arguments) }

  func poselab(_ arguments: [String]) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    let output = Pipe()
    process.standardOutput = output
    // Apart from what a program reads, unless there is nothing of it.
    let isDocument = arguments.contains("--json")
    process.standardError = isDocument ? FileHandle.nullDevice : output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  /// What a run came to, to the last bit.
  struct Outcome: Equatable {
    var variant: String
    var seed: UInt64
    var state: RunState
    var figures: [RunResult.Figure]
    var epochs: [EpochRecord]
    var images: ImageScoreTable?
    var artefacts: [String]
  }

  func outcomes() throws -> [Outcome] {
    let store = try ResultStore(runs + "/results.sqlite")
    let results = try #require(try store.results(of: folder))
    return try results.runs.map { run in
      Outcome(
        variant: run.variant, seed: run.seed, state: run.state, figures: run.figures,
        epochs: run.epochs.map {
          var record = $0
          record.seconds = 0
          record.imagesPerSecond = 0
          return record
        },
        images: run.images.map { images in
          var table = images
          for index in table.rows.indices { table.rows[index].path = "" }
          return table
        }, artefacts: try store.artefacts(of: run.directory).map(\.path))
    }
  }

  /// Numbers of the processes that train for this sweep.
  func trainers() -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { process in
      guard let data = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { return false }
      let words = data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return words.count > 2 && words[1] == "train" && words[2].contains(folder + "/")
    }
  }

  /// Files that are only there while something is being written.
  func leftovers() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: runs).filter { $0.hasSuffix(".partial") }
  }
}
