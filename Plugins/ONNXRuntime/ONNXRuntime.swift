public import PoseCore

/// Brings the engine `onnxruntime`.
public enum ONNXRuntime: Plugin {
  public static let name = "ONNXRuntime"

  public static func register(in registry: inout Registry) throws {
    try registry.engines.register(
      Component(
        "onnxruntime",
        summary: "Runs models from ONNX files, by ONNX Runtime's shared library, which is found at run time",
        reference: "ONNX Runtime, https://onnxruntime.ai"
      ) { _, _ in try ONNXRuntimeEngine() })
  }
}
