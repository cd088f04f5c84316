public import PoseCore

/// Binary cross-entropy that counts less the better a score already is: αₜ (1 - pₜ)^γ · cross-entropy.
///
/// For soft targets t, pₜ = p t + (1 - p)(1 - t) and αₜ = α t + (1 - α)(1 - t), as in the usual implementations.
///
/// Source: Lin et al., Focal Loss for Dense Object Detection, arXiv:1708.02002.
public struct FocalLoss: ClassificationLoss {
  /// Weight of targets of 1; those of 0 have the rest to 1.
  public var alpha: Float
  /// How strongly easy scores are set back; 0 not at all.
  public var gamma: Float

  public init(alpha: Float = 0.25, gamma: Float = 2) {
    self.alpha = alpha
    self.gamma = gamma
  }

  public func evaluate(
    logits: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>,
    gradient: UnsafeMutableBufferPointer<Float>
  ) -> Double {
    let power = ScorePower(gamma)
    let one = SIMD16<Float>(repeating: 1)
    return ScoreTerms.sum(logits: logits, targets: targets, gradient: gradient) { terms in
      let (score, target) = (terms.score, terms.target)
      let miss = score + target - 2 * score * target
      let missSlope = terms.scoreSlope * (one - 2 * target)
      let (factor, factorSlope) = power.of(miss)
      let weight = (1 - alpha) + (2 * alpha - 1) * target
      return (
        weight * factor * terms.crossEntropy,
        weight * (factor * terms.crossEntropySlope + factorSlope * missSlope * terms.crossEntropy)
      )
    }
  }
}

extension FocalLoss {
  /// `focal`.
  public static let component = Component<LossContext, any ClassificationLoss>(
    "focal", summary: "cross-entropy that counts less where scores are right already",
    reference: "Lin et al., Focal Loss, arXiv:1708.02002",
    parameters: [
      .init(
        "alpha", .float(0...1), default: 0.25, help: "weight of positive targets; negative ones have the rest"
      ),
      .init("gamma", .float(0...10), default: 2.0, help: "how strongly easy scores are set back"),
    ]
  ) { arguments, _ in
    FocalLoss(alpha: try arguments.float("alpha"), gamma: try arguments.float("gamma"))
  }
}
