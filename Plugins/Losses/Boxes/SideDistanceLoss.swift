public import PoseCore

/// Absolute error of the four distances, as shares of the input's width and height: for heads that give a
/// distance instead of a distribution.
public struct SideDistanceLoss: SideLoss {
  public init() {}

  /// - Precondition: one bin.
  public func evaluate(
    _ logits: UnsafePointer<Float>, bins: Int, target: SIMD4<Float>, scale: SIMD4<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    var loss: Float = 0
    for side in 0..<4 {
      let error = logits[side] * scale[side] - target[side] * scale[side]
      loss += abs(error)
      gradient[side] = error > 0 ? scale[side] / 4 : error < 0 ? -scale[side] / 4 : error
    }
    return loss / 4
  }
}

extension SideDistanceLoss {
  /// `l1`.
  public static let component = Component<LossContext, any SideLoss>(
    "l1", summary: "absolute error of the distances to the sides, for heads without bins"
  ) { _, _ in SideDistanceLoss() }
}
