public import PoseCore

/// Cross-entropy weighted by the target score where there is one, and by α p^γ where there is none: right and
/// precise objects count most, easy background least.
///
/// Source: Zhang et al., VarifocalNet, arXiv:2008.13367. The weight takes part in the gradient.
public struct VarifocalLoss: ClassificationLoss {
  /// Weight of background.
  public var alpha: Float
  /// How strongly easy background is set back.
  public var gamma: Float

  public init(alpha: Float = 0.75, gamma: Float = 2) {
    self.alpha = alpha
    self.gamma = gamma
  }

  public func evaluate(
    logits: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>,
    gradient: UnsafeMutableBufferPointer<Float>
  ) -> Double {
    let power = ScorePower(gamma)
    return ScoreTerms.sum(logits: logits, targets: targets, gradient: gradient) { terms in
      let (factor, factorSlope) = power.of(terms.score)
      let isObject = terms.target .> 0
      let weight = (alpha * factor).replacing(with: terms.target, where: isObject)
      let weightSlope = (alpha * factorSlope * terms.scoreSlope).replacing(with: 0, where: isObject)
      return (
        weight * terms.crossEntropy,
        weight * terms.crossEntropySlope + weightSlope * terms.crossEntropy
      )
    }
  }
}

extension VarifocalLoss {
  /// `varifocal`.
  public static let component = Component<LossContext, any ClassificationLoss>(
    "varifocal", summary: "cross-entropy weighted by the target score, background by its own score",
    reference: "Zhang et al., VarifocalNet, arXiv:2008.13367",
    parameters: [
      .init("alpha", .float(0...1), default: 0.75, help: "weight of background"),
      .init("gamma", .float(0...10), default: 2.0, help: "how strongly easy background is set back"),
    ]
  ) { arguments, _ in
    VarifocalLoss(alpha: try arguments.float("alpha"), gamma: try arguments.float("gamma"))
  }
}
