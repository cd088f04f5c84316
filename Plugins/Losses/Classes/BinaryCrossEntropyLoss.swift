public import PoseCore

/// Binary cross-entropy of sigmoid scores against soft targets.
public struct BinaryCrossEntropyLoss: ClassificationLoss {
  public init() {}

  public func evaluate(
    logits: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>,
    gradient: UnsafeMutableBufferPointer<Float>
  ) -> Double {
    ScoreTerms.sum(logits: logits, targets: targets, gradient: gradient) {
      ($0.crossEntropy, $0.crossEntropySlope)
    }
  }
}

extension BinaryCrossEntropyLoss {
  /// `bce`.
  public static let component = Component<LossContext, any ClassificationLoss>(
    "bce", summary: "binary cross-entropy of each class against the target score"
  ) { _, _ in BinaryCrossEntropyLoss() }
}
