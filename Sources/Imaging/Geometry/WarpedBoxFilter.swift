/// Decides which boxes are worth keeping after a warp cut some of them at the picture's edge.
public struct WarpedBoxFilter: Sendable, Equatable {
  /// Width and height must be above this, in pixels.
  public var minimumSide: Float
  /// What is left must be above this share of the box before.
  public var minimumAreaRatio: Float
  /// Long side over short side must be below this.
  public var maximumAspect: Float

  public init(minimumSide: Float = 2, minimumAreaRatio: Float = 0.1, maximumAspect: Float = 100) {
    self.minimumSide = minimumSide
    self.minimumAreaRatio = minimumAreaRatio
    self.maximumAspect = maximumAspect
  }

  /// - Parameters:
  ///   - before: (x1, y1, x2, y2) before the warp, times its scale: only the cut shall count.
  ///   - after: (x1, y1, x2, y2) after the warp, clipped to the output.
  public func keeps(before: SIMD4<Float>, after: SIMD4<Float>) -> Bool {
    let (width, height) = (after.z - after.x, after.w - after.y)
    let area = (before.z - before.x) * (before.w - before.y)
    let epsilon: Float = 1e-16
    return width > minimumSide && height > minimumSide
      && width * height / (area + epsilon) > minimumAreaRatio
      && max(width / (height + epsilon), height / (width + epsilon)) < maximumAspect
  }
}
