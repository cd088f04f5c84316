internal import Foundation

/// Slurm's commands, as the user would call them.
struct SlurmCommands {
  private let sbatch: String
  private let squeue: String
  private let scancel: String
  /// Only some clusters keep accounts.
  private let sacct: String?
  private let environment: [String: String]

  /// - Throws: `SlurmError.missing`.
  init(environment: [String: String]) throws(SlurmError) {
    self.environment = environment
    sbatch = try Self.find("sbatch", environment)
    squeue = try Self.find("squeue", environment)
    scancel = try Self.find("scancel", environment)
    sacct = try? Self.find("sacct", environment)
  }

  /// Hands over a script.
  ///
  /// - Returns: the job's number.
  func submit(_ arguments: [String]) throws -> Int {
    let outcome = try run(sbatch, ["--parsable"] + arguments)
    guard outcome.code == 0 else { throw SlurmError.failed(command: "sbatch", reason: outcome.reason) }
    // On a federation, `;CLUSTER` follows.
    let text = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let line = text.split(separator: "\n").last, let job = Int(line.prefix { $0 != ";" }) else {
      throw SlurmError.notUnderstood(command: "sbatch", output: text)
    }
    return job
  }

  /// What the controller still knows of these jobs: those that wait or run, and those that ended minutes ago.
  func status(of jobs: [Int]) throws -> [SlurmStatus] {
    let list = jobs.map(String.init).joined(separator: ",")
    let outcome = try run(
      squeue,
      [
        "--array", "--noheader", "--states=all", "--jobs=\(list)",
        "--Format=JobArrayID:64,State:24,exit_code:16",
      ])
    if outcome.code != 0 {
      if outcome.reason.contains("Invalid job id") { return [] }
      throw SlurmError.failed(command: "squeue", reason: outcome.reason)
    }
    return outcome.output.split(separator: "\n").compactMap { SlurmStatus(queueLine: $0) }
  }

  /// The number of the job of that name, whatever has become of it; nil where there is none.
  func job(named name: String) throws -> Int? {
    let outcome = try run(squeue, ["--noheader", "--states=all", "--name=\(name)", "--format=%F"])
    guard outcome.code == 0 else { throw SlurmError.failed(command: "squeue", reason: outcome.reason) }
    return outcome.output.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
  }

  /// How a job ended that the controller has forgotten; nil without accounting.
  func account(of task: SlurmTask) -> SlurmStatus? {
    guard let sacct,
      let outcome = try? run(
        sacct,
        ["--noheader", "--parsable2", "--allocations", "--jobs=\(task)", "--format=JobID,State,ExitCode"]),
      outcome.code == 0
    else { return nil }
    return outcome.output.split(separator: "\n").compactMap { SlurmStatus(accountLine: $0) }
      .last { $0.matches(task) }
  }

  /// Takes jobs out of the queue, or ends them.
  func cancel(_ tasks: [SlurmTask]) throws { try cancel([], tasks) }

  /// Sends SIGINT to the programs of running jobs.
  func interrupt(_ tasks: [SlurmTask]) throws { try cancel(["--batch", "--signal=INT"], tasks) }

  /// A job that has just ended is no fault.
  private func cancel(_ options: [String], _ tasks: [SlurmTask]) throws {
    guard !tasks.isEmpty else { return }
    _ = try run(scancel, ["--quiet"] + options + tasks.map(\.description))
  }

  // Processes

  private struct Outcome {
    var code: Int32
    var output: String
    var errors: String

    /// What the command complained of, without its name.
    var reason: String {
      let lines = errors.split(separator: "\n").map {
        String($0).replacing(#/^[a-z]+: (error: )?/#, with: "")
      }
      return lines.isEmpty ? "ended with code \(code)" : lines.joined(separator: "; ")
    }
  }

  private func run(_ program: String, _ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // What these commands complain of is short, so the second pipe cannot fill while the first is read.
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
      errors: String(decoding: complaints, as: UTF8.self))
  }

  private static func find(
    _ command: String, _ environment: [String: String]
  ) throws(SlurmError) -> String {
    let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    guard
      let path = folders.map({ "\($0)/\(command)" }).first(where: FileManager.default.isExecutableFile)
    else { throw .missing(command: command) }
    return path
  }
}
