public import PoseCore

/// One minus the complete intersection over union.
public struct CIoULoss: BoxLoss {
  public init() {}

  public func evaluate(predicted: Box, target: Box) -> (loss: Float, gradient: Box) {
    let overlap = CompleteIoU(of: predicted, and: target)
    let gradient = overlap.gradient
    return (
      1 - overlap.value, Box(x1: -gradient.x1, y1: -gradient.y1, x2: -gradient.x2, y2: -gradient.y2)
    )
  }
}

extension CIoULoss {
  /// `ciou`.
  public static let component = Component<LossContext, any BoxLoss>(
    "ciou", summary: "one minus complete IoU: overlap, distance of centres, aspect ratio",
    reference: "Zheng et al., Distance-IoU Loss, arXiv:1911.08287"
  ) { _, _ in CIoULoss() }
}
