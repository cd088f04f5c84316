import Foundation
import Launchers
import Sweeps

/// Slurm's own daemons on this machine's loopback: one node with two cores, two partitions, no accounting.
final class SlurmCluster {
  private let scratch: Scratch
  var folder: String { scratch.path }

  /// Why there can be no cluster here; nil where there can.
  static let obstacle: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let missing = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel"].filter { program in
      !folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }
    if !missing.isEmpty {
      return "no \(missing.joined(separator: ", ")): Debian's slurm-wlm and munge have them"
    }
    return getuid() == 0 ? nil : "slurmd must be started by root"
  }()

  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/slurm/loopback.sh")
    .path

  init() throws {
    scratch = try Scratch()
    try Self.call("start", scratch.path)
  }

  deinit { try? Self.call("stop", scratch.path) }

  /// Has Slurm's commands speak to this cluster.
  var environment: [String: String] { ["SLURM_CONF": scratch.file("slurm.conf")] }

  private static func call(_ command: String, _ folder: String) throws {
    let (code, output) = try run("/bin/bash", [script, command, folder])
    guard code == 0 else { throw Failure(description: output) }
  }

  struct Failure: Error, CustomStringConvertible { var description: String }

  /// Runs a program to its end.
  @discardableResult
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = FileManager.default.temporaryDirectory.appending(path: "slurm-\(UUID().uuidString).out")
    defer { try? FileManager.default.removeItem(at: output) }
    // A file, for daemons would hold a pipe open.
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
  }

  /// What a command of Slurm's prints.
  func ask(_ command: String...) throws -> String {
    try Self.run("/usr/bin/env", command, environment: environment).output
  }

  /// Polls until `condition`, for a minute at most.
  static func wait(_ condition: () throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(60)
    while try !condition() {
      if ContinuousClock.now > end { throw Failure(description: "waited for a minute in vain") }
      Thread.sleep(forTimeInterval: 0.1)
    }
  }
}
