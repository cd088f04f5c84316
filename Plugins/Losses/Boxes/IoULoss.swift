public import PoseCore

/// One minus a power of the intersection over union: 1 - IoUᵖ.
///
/// Without overlap it has no gradient; the distance-aware losses have.
///
/// Sources: Yu et al., UnitBox, arXiv:1608.01471 (p = 1 up to the logarithm); Ge et al., YOLOX, arXiv:2107.08430
/// (p = 2); He et al., Alpha-IoU, arXiv:2110.13675 (any p).
public struct IoULoss: BoxLoss {
  /// 1 or more.
  public var power: Float

  public init(power: Float = 1) { self.power = power }

  public func evaluate(predicted: Box, target: Box) -> (loss: Float, gradient: Box) {
    Self.value(1 - BoxPair(predicted: predicted, target: target).overlap.raised(to: power))
  }
}

extension IoULoss {
  /// `iou`.
  public static let component = Component<LossContext, any BoxLoss>(
    "iou", summary: "one minus IoU, or minus a power of it",
    reference: "Yu et al., UnitBox, arXiv:1608.01471; He et al., Alpha-IoU, arXiv:2110.13675",
    parameters: [
      .init("power", .float(1...10), default: 1.0, help: "exponent of the overlap; YOLOX takes 2")
    ]
  ) { arguments, _ in IoULoss(power: try arguments.float("power")) }
}
