extension Box {
  /// (x1, y1, x2, y2).
  public var corners: SIMD4<Float> { SIMD4(x1, y1, x2, y2) }

  /// - Parameter corners: (x1, y1, x2, y2).
  public init(_ corners: SIMD4<Float>) {
    self.init(x1: corners.x, y1: corners.y, x2: corners.z, y2: corners.w)
  }
}
