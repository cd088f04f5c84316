import Foundation
import ONNXRuntime

/// Other programs that read ONNX, where this machine has them.
enum Peers {
  /// An interpreter that has `onnx` and `onnxruntime`: what POSELAB_PYTHON names, else `python3`.
  static let python: String? = {
    let named = ProcessInfo.processInfo.environment["POSELAB_PYTHON"]
    for candidate in [named, "python3"].compactMap({ $0 }) {
      if run(candidate, "import numpy, onnx, onnxruntime").status == 0 { return candidate }
    }
    return nil
  }()

  static let hasOpenVINO: Bool = python.map { run($0, "import openvino").status == 0 } ?? false

  /// Whether ONNX Runtime's library is to be had: by itself, or in that interpreter's packages.
  static let hasONNXRuntime: Bool = {
    if (try? ONNXRuntimeLibrary.load()) != nil { return true }
    guard let python, ProcessInfo.processInfo.environment[ONNXRuntimeLibrary.variable] == nil else {
      return false
    }
    let folder = run(python, "import onnxruntime as o; print(o.__path__[0] + '/capi', end='')").output
    setenv(ONNXRuntimeLibrary.variable, folder, 1)
    return (try? ONNXRuntimeLibrary.load()) != nil
  }()

  /// Runs a script; its errors are part of the output.
  static func run(_ python: String, _ script: String, _ arguments: [String] = []) -> (
    status: Int32, output: String
  ) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [python, "-c", script] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    guard (try? process.run()) != nil else { return (127, "") }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
