public import PoseCore

/// Cross-entropy against the target score, weighted by how far the score is from it: |t - p|^β · cross-entropy.
///
/// Source: Li et al., Generalized Focal Loss, arXiv:2006.04388. The weight takes part in the gradient.
public struct QualityFocalLoss: ClassificationLoss {
  public var beta: Float

  public init(beta: Float = 2) { self.beta = beta }

  public func evaluate(
    logits: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>,
    gradient: UnsafeMutableBufferPointer<Float>
  ) -> Double {
    let power = ScorePower(beta)
    return ScoreTerms.sum(logits: logits, targets: targets, gradient: gradient) { terms in
      let difference = terms.score - terms.target
      let isBelow = difference .< 0
      let (factor, factorSlope) = power.of(difference.replacing(with: -difference, where: isBelow))
      let slope = (factorSlope * terms.scoreSlope).replacing(with: 0, where: difference .== 0)
      return (
        factor * terms.crossEntropy,
        factor * terms.crossEntropySlope + slope.replacing(with: -slope, where: isBelow) * terms.crossEntropy
      )
    }
  }
}

extension QualityFocalLoss {
  /// `quality_focal`.
  public static let component = Component<LossContext, any ClassificationLoss>(
    "quality_focal", summary: "cross-entropy weighted by the distance from the target score",
    reference: "Li et al., Generalized Focal Loss, arXiv:2006.04388",
    parameters: [
      .init("beta", .float(0...10), default: 2.0, help: "exponent of the distance from the target score")
    ]
  ) { arguments, _ in QualityFocalLoss(beta: try arguments.float("beta")) }
}
