public import PoseCore

/// One minus the generalised intersection over union: overlap, less the share of the hull that neither box covers.
///
/// Source: Rezatofighi et al., Generalized Intersection over Union, arXiv:1902.09630.
public struct GIoULoss: BoxLoss {
  public init() {}

  public func evaluate(predicted: Box, target: Box) -> (loss: Float, gradient: Box) {
    let pair = BoxPair(predicted: predicted, target: target)
    let hull = pair.hullWidth * pair.hullHeight
    return Self.value(1 - pair.overlap + (hull - pair.union) / (hull + BoxPair.epsilon))
  }
}

extension GIoULoss {
  /// `giou`.
  public static let component = Component<LossContext, any BoxLoss>(
    "giou", summary: "one minus generalised IoU: overlap, empty part of the hull",
    reference: "Rezatofighi et al., Generalized IoU, arXiv:1902.09630"
  ) { _, _ in GIoULoss() }
}
