import Foundation

/// The built executable, run on a folder that goes when the test is over.
final class Poselab {
  struct Outcome {
    var code: Int32
    var output: String
    var log: String

    /// What was printed, as JSON.
    func json<Value>(_ type: Value.Type = Value.self) throws -> Value {
      let value = try JSONSerialization.jsonObject(with: Data(output.utf8), options: .fragmentsAllowed)
      guard let value = value as? Value else { throw CocoaError(.coderReadCorrupt) }
      return value
    }
  }

  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "poselab-cli-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Beside the test bundle.
  static let executable = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "poselab").path

  func path(_ name: String) -> String { folder + "/" + name }

  /// Runs `poselab` in the folder.
  func callAsFunction(_ arguments: String...) throws -> Outcome { try finish(try start(arguments)) }

  /// A process that runs; its output goes to files.
  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Process {
    for name in ["output", "log"] { try Data().write(to: URL(fileURLWithPath: path(name))) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    // Tests run beside each other; each takes one thread.
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
      .merging(environment) { $1 }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: path("output")))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: path("log")))
    try process.run()
    return process
  }

  func finish(_ process: Process) throws -> Outcome {
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, output: try text("output"), log: try text("log"))
  }

  func text(_ name: String) throws -> String { try Fixtures.text(path(name)) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// Fourteen small pictures, ten of them for training, and a tiny model.
  func prepare() throws {
    let made = try self(
      "data", "synth", "output=people", "--images", "14", "size=64", "--seed", "3", "validation_fraction=0.29"
    )
    guard made.code == 0 else { throw CocoaError(.executableLoad) }
    try FileManager.default.copyItem(
      atPath: Fixtures.root + "/Tests/Fixtures/model/pico.yaml", toPath: path("pico.yaml"))
  }
}
