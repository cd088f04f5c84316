internal import Foundation
public import PoseCore

/// Cross-entropy of a side's distribution against the two bins next to the target distance, weighted by
/// nearness.
///
/// Source: Li et al., Generalized Focal Loss, arXiv:2006.04388. Distances are clamped to 0…bins - 1.01.
public struct DistributionFocalLoss: SideLoss {
  public init() {}

  /// - Precondition: at least 2 bins.
  public func evaluate(
    _ logits: UnsafePointer<Float>, bins: Int, target: SIMD4<Float>, scale: SIMD4<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    var loss: Float = 0
    for side in 0..<4 {
      let distance = min(max(0, target[side]), Float(bins - 1) - 0.01)
      let lower = Int(distance)
      let upperWeight = distance - Float(lower)
      let lowerWeight = 1 - upperWeight
      let logits = logits + side * bins
      let gradient = gradient + side * bins
      let normaliser = Self.logarithmOfSum(logits, bins: bins)
      for bin in 0..<bins { gradient[bin] = exp(logits[bin] - normaliser) / 4 }
      gradient[lower] -= lowerWeight / 4
      gradient[lower + 1] -= upperWeight / 4
      loss += lowerWeight * (normaliser - logits[lower]) + upperWeight * (normaliser - logits[lower + 1])
    }
    return loss / 4
  }

  /// The logarithm of the sum of the exponentials.
  private static func logarithmOfSum(_ logits: UnsafePointer<Float>, bins: Int) -> Float {
    var largest = logits[0]
    for bin in 1..<bins where !(logits[bin] <= largest) { largest = logits[bin] }
    var sum: Float = 0
    for bin in 0..<bins { sum += exp(logits[bin] - largest) }
    return largest + log(sum)
  }
}

extension DistributionFocalLoss {
  /// `dfl`.
  public static let component = Component<LossContext, any SideLoss>(
    "dfl", summary: "cross-entropy against the two bins next to the target distance",
    reference: "Li et al., Generalized Focal Loss, arXiv:2006.04388"
  ) { _, _ in DistributionFocalLoss() }
}
