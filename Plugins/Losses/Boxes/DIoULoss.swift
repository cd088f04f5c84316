public import PoseCore

/// One minus the distance intersection over union: overlap, less the squared distance of the centres over that of
/// the hull's corners.
///
/// Source: Zheng et al., Distance-IoU Loss, arXiv:1911.08287.
public struct DIoULoss: BoxLoss {
  public init() {}

  public func evaluate(predicted: Box, target: Box) -> (loss: Float, gradient: Box) {
    let pair = BoxPair(predicted: predicted, target: target)
    let diagonal = pair.hullWidth.squared + pair.hullHeight.squared + BoxPair.epsilon
    return Self.value(1 - pair.overlap + (pair.dx.squared + pair.dy.squared) / diagonal)
  }
}

extension DIoULoss {
  /// `diou`.
  public static let component = Component<LossContext, any BoxLoss>(
    "diou", summary: "one minus distance IoU: overlap, distance of centres",
    reference: "Zheng et al., Distance-IoU Loss, arXiv:1911.08287"
  ) { _, _ in DIoULoss() }
}
