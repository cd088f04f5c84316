internal import CONNXRuntime
public import ONNX
public import Tensor

/// Runs graphs from ONNX files by ONNX Runtime; other operations by the portable engine.
public final class ONNXRuntimeEngine: CPUEngine, GraphEngine {
  public let name = "onnxruntime"
  /// Of ONNX Runtime.
  public let version: String
  private let portable = OpenBLASEngine()

  /// - Throws: `ONNXRuntimeError.missing`, which says how to get the library.
  public init() throws(ONNXRuntimeError) { version = try ONNXRuntimeLibrary.load() }

  /// - Throws: `ONNXRuntimeError.failed` for a graph that ONNX Runtime refuses.
  public func open(_ file: ONNXFile) throws -> any GraphSession {
    try ONNXRuntimeSession(file, threads: Device.threads)
  }

  public func convolution(
    _ geometry: ConvolutionGeometry, input: Tensor, weight: Tensor, bias: Tensor?, activation: Activation,
    to output: Tensor, weightVersion: WeightVersion?
  ) {
    portable.convolution(
      geometry, input: input, weight: weight, bias: bias, activation: activation, to: output,
      weightVersion: weightVersion)
  }

  public func convolutionInputGradient(
    _ geometry: ConvolutionGeometry, gradient: Tensor, weight: Tensor, to inputGradient: Tensor
  ) {
    portable.convolutionInputGradient(geometry, gradient: gradient, weight: weight, to: inputGradient)
  }

  public func convolutionWeightGradient(
    _ geometry: ConvolutionGeometry, input: Tensor, gradient: Tensor, to weightGradient: Tensor
  ) {
    portable.convolutionWeightGradient(geometry, input: input, gradient: gradient, to: weightGradient)
  }
}

/// One graph in ONNX Runtime.
private final class ONNXRuntimeSession: GraphSession {
  private let file: ONNXFile
  private let handle: OpaquePointer

  init(_ file: ONNXFile, threads: Int) throws {
    self.file = file
    var made: OpaquePointer?
    let fault = try file.withBytes {
      pl_ort_open($0.baseAddress, $0.count, Int32(clamping: max(1, threads)), &made)
    }
    if let fault { throw Self.error(fault, file) }
    guard let made else { throw ONNXRuntimeError.failed(file: file.path, reason: "made nothing") }
    handle = made
  }

  deinit { pl_ort_close(handle) }

  func run(
    _ input: UnsafeBufferPointer<Float>, shape: [Int]
  ) throws -> (shape: [Int], values: [Float]) {
    precondition(input.count == shape.reduce(1, *), "ONNX Runtime: \(input.count) numbers for \(shape)")
    var output = pl_ort_output()
    defer { pl_ort_release(&output) }
    let fault = pl_ort_run(
      handle, file.input.name, input.baseAddress, shape.map(Int64.init), shape.count, file.output.name,
      &output)
    if let fault { throw Self.error(fault, file) }
    let extents = withUnsafeBytes(of: output.shape) { bytes in
      bytes.bindMemory(to: Int64.self).prefix(Int(output.rank)).map { Int($0) }
    }
    let count = extents.reduce(1, *)
    return (extents, Array(UnsafeBufferPointer(start: output.values, count: count)))
  }

  private static func error(_ fault: UnsafeMutablePointer<CChar>, _ file: ONNXFile) -> ONNXRuntimeError {
    defer { pl_ort_free(fault) }
    return .failed(file: file.path, reason: String(cString: fault))
  }
}
