internal import Foundation
public import PoseCore

/// One minus the object keypoint similarity, keypoint by keypoint.
///
/// Source: cocodataset.org, "Keypoint evaluation"; Maji et al., YOLO-Pose, arXiv:2204.06806. The scale is the
/// area of the target's whole box. A target of few labelled keypoints counts as much as one of many: each of its
/// keypoints is weighted by K / labelled.
public struct OKSKeypointLoss: KeypointLoss {
  private static let epsilon: Float = 1e-9

  /// 1 / (2 (2σ)²) of each keypoint.
  private let precisions: [Float]

  /// - Parameter sigmas: one a keypoint, all positive.
  public init(sigmas: [Float]) {
    precisions = sigmas.map { 1 / (2 * (2 * $0) * (2 * $0)) }
  }

  public func evaluate(
    predicted: UnsafeBufferPointer<SIMD2<Float>>, target: KeypointTarget,
    gradient: UnsafeMutableBufferPointer<SIMD2<Float>>
  ) -> Float {
    let weight = Float(predicted.count) / (Float(target.labelledCount) + Self.epsilon)
    let area = max(0, target.area) + Self.epsilon
    var loss: Float = 0
    for index in predicted.indices {
      guard target.isLabelled[index] else {
        gradient[index] = .zero
        continue
      }
      let offset = predicted[index] - target.positions[index]
      let precision = precisions[index] / area
      let similarity = exp(-(offset * offset).sum() * precision)
      loss += weight * (1 - similarity)
      gradient[index] = weight * similarity * 2 * precision * offset
    }
    return loss
  }
}

extension OKSKeypointLoss {
  /// `oks`, with the sigmas of the data set's skeleton.
  public static let component = Component<LossContext, any KeypointLoss>(
    "oks", summary: "one minus object keypoint similarity",
    reference: "Maji et al., YOLO-Pose, arXiv:2204.06806; cocodataset.org"
  ) { _, context in OKSKeypointLoss(sigmas: context.skeleton.sigmas) }
}
