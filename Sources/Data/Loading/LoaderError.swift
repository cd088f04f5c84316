public import Imaging

/// Why no batch can be made.
public enum LoaderError: Error, Sendable, Equatable {
  /// All images of the index turned out unreadable; the first one's reason.
  case noReadableImage(ImageError)
}

extension LoaderError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noReadableImage(let first): "none of the images can be read any more; the first: \(first)"
    }
  }
}
