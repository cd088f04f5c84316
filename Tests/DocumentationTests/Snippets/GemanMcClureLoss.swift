import PoseLab

/// A keypoint loss that stops growing for keypoints that are far off: d² / (d² + s²).
///
/// The distance d is measured in units of the person's size, the square root of the box's area.
/// Source: Geman and McClure, Statistical methods for tomographic image reconstruction, 1987.
public struct GemanMcClureLoss: KeypointLoss {
  /// s: the distance, as a share of the person's size, at which the loss is one half.
  public var scale: Float

  public init(scale: Float = 0.1) { self.scale = scale }

  /// One person. Keypoints without a label teach nothing; the others count as much as if all had one.
  public func evaluate(
    predicted: UnsafeBufferPointer<SIMD2<Float>>, target: KeypointTarget,
    gradient: UnsafeMutableBufferPointer<SIMD2<Float>>
  ) -> Float {
    let weight = Float(predicted.count) / Float(max(1, target.labelledCount))
    let width = scale * scale * max(target.area, 1e-6)
    var loss: Float = 0
    for index in predicted.indices {
      guard target.isLabelled[index] else {
        gradient[index] = .zero
        continue
      }
      let offset = predicted[index] - target.positions[index]
      let distance = (offset * offset).sum()
      let sum = distance + width
      loss += weight * distance / sum
      gradient[index] = weight * 2 * width / (sum * sum) * offset
    }
    return loss
  }

  /// The loss as specs name it, and the arguments it takes there.
  public static let component = Component<LossContext, any KeypointLoss>(
    "geman_mcclure", summary: "bounded loss: far outliers pull no harder than near ones",
    reference: "Geman and McClure, Statistical methods for tomographic image reconstruction, 1987",
    parameters: [
      .init(
        "scale", .float(0.001...10), default: 0.1,
        help: "distance at which the loss is one half, as a share of the person's size")
    ]
  ) { arguments, _ in GemanMcClureLoss(scale: try arguments.float("scale")) }
}
