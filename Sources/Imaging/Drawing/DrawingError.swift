/// Why a picture could not be drawn.
public enum DrawingError: Error, Equatable, CustomStringConvertible {
  /// Cairo refuses surfaces above 32,767 pixels a side.
  case surface(width: Int, height: Int, reason: String)
  case encoding(reason: String)

  public var description: String {
    switch self {
    case .surface(let width, let height, let reason):
      "cannot draw on a picture of \(width)×\(height) pixels: \(reason)"
    case .encoding(let reason): "cannot encode the drawing: \(reason)"
    }
  }
}
