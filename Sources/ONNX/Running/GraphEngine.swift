public import Tensor

/// An engine that runs whole graphs from ONNX files.
///
/// What else it is asked for, such as moving pictures into tensors, is little, and the shared CPU kernels do it.
public protocol GraphEngine: Engine {
  /// Prepares a graph.
  ///
  /// - Throws: why the engine cannot run it.
  func open(_ file: ONNXFile) throws -> any GraphSession
}

/// A graph that is ready to run.
public protocol GraphSession: AnyObject {
  /// - Parameters:
  ///   - input: row-major.
  ///   - shape: of the input.
  /// - Returns: the first output, row-major.
  func run(_ input: UnsafeBufferPointer<Float>, shape: [Int]) throws -> (shape: [Int], values: [Float])
}
