/// How far the raw distances from an anchor point to the sides of its target are off.
public protocol SideLoss: Sendable {
  /// One anchor.
  ///
  /// - Parameters:
  ///   - logits: `[4, bins]`; sides left, top, right, bottom.
  ///   - target: the distances, in cells; negative where the anchor is outside of the target.
  ///   - scale: what turns cells into shares of the input's width or height, a side each.
  ///   - gradient: `[4, bins]`; the derivative by the logits is written here.
  /// - Returns: the mean loss of the four sides.
  func evaluate(
    _ logits: UnsafePointer<Float>, bins: Int, target: SIMD4<Float>, scale: SIMD4<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) -> Float
}
