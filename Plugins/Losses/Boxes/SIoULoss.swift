public import PoseCore

/// Overlap, distance of the centres as their angle directs it, and difference of the shapes:
/// 1 - IoU + (Δ + Ω) / 2.
///
/// - Angle: Λ = sin 2α, where α is the angle of the line between the centres to the nearer axis.
/// - Distance: Δ = Σ 1 - exp(-(2 - Λ) ρ²), ρ the centres' distance along an axis over the hull's side.
/// - Shape: Ω = Σ (1 - exp(-ω))^θ, ω the difference of the sides over the longer of them.
///
/// Source: Gevorgyan, SIoU Loss, arXiv:2205.12740.
public struct SIoULoss: BoxLoss {
  /// θ: how much shape counts beside distance.
  public var theta: Float

  public init(theta: Float = 4) { self.theta = theta }

  public func evaluate(predicted: Box, target: Box) -> (loss: Float, gradient: Box) {
    let pair = BoxPair(predicted: predicted, target: target)
    let epsilon = BoxPair.epsilon
    // sin 2α = 2 sin α cos α, the same for the angle to either axis.
    let distance = pair.dx.squared + pair.dy.squared + epsilon
    let angle = 2 * (pair.dx * pair.dy).magnitude / distance
    func nearness(_ offset: CornerDual, _ side: CornerDual) -> CornerDual {
      let share = (offset / (side + epsilon)).squared
      return 1 - ((angle + -2) * share).exponential
    }
    func difference(_ side: CornerDual, _ targetSide: Float) -> CornerDual {
      let longer = CornerDual.greater(side, CornerDual(targetSide)) + epsilon
      let share = (targetSide - side).magnitude / longer
      return (1 - (-1 * share).exponential).raised(to: theta)
    }
    let centres = nearness(pair.dx, pair.hullWidth) + nearness(pair.dy, pair.hullHeight)
    let shapes = difference(pair.width, pair.targetWidth) + difference(pair.height, pair.targetHeight)
    return Self.value(1 - pair.overlap + 0.5 * (centres + shapes))
  }
}

extension SIoULoss {
  /// `siou`.
  public static let component = Component<LossContext, any BoxLoss>(
    "siou", summary: "overlap, distance along the angle of the centres, shape",
    reference: "Gevorgyan, SIoU Loss, arXiv:2205.12740",
    parameters: [
      .init(
        "theta", .float(1...10), default: 4.0, help: "exponent of the shape's part; the paper takes 2 to 6")
    ]
  ) { arguments, _ in SIoULoss(theta: try arguments.float("theta")) }
}
