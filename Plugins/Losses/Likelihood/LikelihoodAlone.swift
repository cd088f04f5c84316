public import PoseCore

/// A likelihood loss in the place of a keypoint loss: keypoints learn from it and from nothing else.
///
/// By themselves the positions cost nothing. In Li et al., Residual Log-likelihood Estimation, arXiv:2107.11291, the
/// likelihood replaces the distance; YOLO26 adds it to one.
public struct LikelihoodAlone: KeypointLoss {
  public var likelihood: any LikelihoodLoss

  public init(_ likelihood: any LikelihoodLoss) { self.likelihood = likelihood }

  public func evaluate(
    predicted: UnsafeBufferPointer<SIMD2<Float>>, target: KeypointTarget,
    gradient: UnsafeMutableBufferPointer<SIMD2<Float>>
  ) -> Float {
    gradient.update(repeating: .zero)
    return 0
  }

  /// `rle`.
  public static let component: Component<LossContext, any KeypointLoss> = {
    let likelihood = ResidualLogLikelihoodLoss.component
    return Component(
      likelihood.name, summary: "residual log-likelihood alone, for heads that give deviations",
      reference: likelihood.reference, parameters: likelihood.parameters
    ) { arguments, context in
      LikelihoodAlone(try ResidualLogLikelihoodLoss(arguments, context))
    }
  }()
}
