/// Columns and rows of a picture.
public struct ImageSize: Sendable, Hashable, Codable, CustomStringConvertible {
  public var width: Int
  public var height: Int

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// A square.
  public init(side: Int) { self.init(width: side, height: side) }

  public var description: String { "\(width)×\(height)" }

  /// Whether a point (x, y) in pixels lies on the picture; both edges count as on it.
  public func contains(_ point: SIMD2<Float>) -> Bool {
    point.x >= 0 && point.y >= 0 && point.x <= Float(width) && point.y <= Float(height)
  }

  /// Moves a point (x, y) in pixels onto the picture.
  public func clip(_ point: SIMD2<Float>) -> SIMD2<Float> {
    point.clamped(lowerBound: .zero, upperBound: SIMD2(Float(width), Float(height)))
  }

  /// Cuts a box (x1, y1, x2, y2) in pixels at the picture's edges.
  public func clip(_ box: SIMD4<Float>) -> SIMD4<Float> {
    let high = SIMD4(Float(width), Float(height), Float(width), Float(height))
    return box.clamped(lowerBound: .zero, upperBound: high)
  }
}

extension Image {
  public var size: ImageSize { ImageSize(width: width, height: height) }
}
