import Foundation

/// The Python interpreter that tests check files with: `POSELAB_PYTHON`, or `python3`.
enum Python {
  struct Failure: Error, CustomStringConvertible { let description: String }

  /// Where a package can be imported; tests that need it are skipped elsewhere.
  static func has(_ package: String) -> Bool { (try? run("import \(package)")) != nil }

  /// What a script prints.
  static func run(_ script: String, _ arguments: String...) throws -> String {
    let process = process(["-c", script] + arguments)
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let fault = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: String(decoding: fault, as: UTF8.self))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A process that has not been started.
  static func process(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let interpreter = ProcessInfo.processInfo.environment["POSELAB_PYTHON"] ?? "python3"
    process.arguments = [interpreter] + arguments
    return process
  }
}
