internal import Config
internal import Foundation
internal import ONNX
internal import PoseCore
internal import Tensor
internal import Training

/// A model that was exported to an ONNX file: it can be measured and used, but not trained.
struct ExportedGraph {
  let path: String

  /// Whether the spec names such a file.
  static func isNamed(_ node: Node) -> Bool {
    if case .string(let name) = node.value { isNamed(name) } else { false }
  }

  static func isNamed(_ name: String) -> Bool { name.lowercased().hasSuffix(".onnx") }

  /// - Throws: where there is no such file.
  init(_ node: Node) throws {
    let beside = try node.path(named: "model")
    path = FileManager.default.fileExists(atPath: beside) ? beside : try node.string(named: "model")
    guard FileManager.default.fileExists(atPath: path) else {
      let hint = NearestFile.suggestion(for: path, endings: [".onnx"])
      throw Diagnostic(.error, "no file '\(path)'\(hint)", at: node.location)
    }
  }

  /// Opens the file and prepares it to run.
  ///
  /// - Throws: what is wrong with the file; where no engine runs it.
  func head(
    _ options: ExecutionOptions, _ registry: Registry, at location: SourceLocation?
  ) throws -> (head: ONNXPoseHead, device: Device) {
    // Before the engine, so that a bad file is told from a missing library.
    let file = try ONNXFile(path: path)
    if let threads = options.threads { Device.setThreads(threads) }
    let name = options.engine == "auto" ? "onnxruntime" : options.engine
    let engine = try registry.engines.make(ComponentSpec(name: name), in: ())
    guard let runner = engine as? any GraphEngine else {
      throw Diagnostic(
        .error, "the engine '\(name)' runs no ONNX files; leave it out, or take engine=onnxruntime",
        at: location)
    }
    return (try ONNXPoseHead(file, engine: runner), Device(engine: engine))
  }

  /// The device for models made of layers, which engines for whole graphs do not run.
  static func deviceForLayers(
    _ options: ExecutionOptions, _ registry: Registry, at location: SourceLocation?
  ) throws -> Device {
    let device = try TrainingAssembly.device(options, registry)
    if device.engine is any GraphEngine {
      throw Diagnostic(
        .error,
        "the engine '\(options.engine)' runs ONNX files alone; export the model first (poselab export), or take"
          + " another engine", at: location)
    }
    return device
  }
}
