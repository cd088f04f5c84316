/// Why ONNX Runtime is of no help.
public enum ONNXRuntimeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The library was not found, or cannot be used.
  case missing(reasons: [String])
  /// It refuses a graph, or fails in it.
  case failed(file: String, reason: String)

  public var description: String {
    switch self {
    case .missing(let reasons):
      """
      ONNX files are run by ONNX Runtime, whose library was not found (\(reasons.joined(separator: "; "))).
      Get it with: pip install onnxruntime
      then say where it is, by a folder or the file itself:
        export \(ONNXRuntimeLibrary.variable)=$(python3 -c 'import onnxruntime as o; print(o.__path__[0] + "/capi")')
      """
    case .failed(let file, let reason): "\(file): ONNX Runtime: \(reason)"
    }
  }
}
