/// Why a model cannot be written as ONNX.
public enum ONNXExportError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A layer does something that no graph can hold.
  case unsupported(layer: String, reason: String)
  /// With sizes that are free, a layer does something that depends on the size and cannot be expressed by it.
  case dependsOnSize(layer: String, reason: String)
  case option(String, reason: String)
  /// The format's limit is 2 GB.
  case tooLarge(path: String, bytes: Int)

  public var description: String {
    switch self {
    case .unsupported(let layer, let reason): "\(layer) cannot be exported: it \(reason)"
    case .dependsOnSize(let layer, let reason):
      "\(layer) cannot be exported with dynamic=True: it \(reason); leave dynamic out and give imgsz"
    case .option(let name, let reason): "\(name): \(reason)"
    case .tooLarge(let path, let bytes):
      "\(path): the file would have \(bytes / 1_000_000) MB, but ONNX files can have 2147 MB at most; try half=True"
    }
  }
}
