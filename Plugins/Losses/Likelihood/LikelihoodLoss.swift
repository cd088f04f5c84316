public import PoseCore
public import Tensor

/// How unlikely the keypoints' targets are, by what the head says of its own errors.
public protocol LikelihoodLoss: Sendable {
  /// - Parameters:
  ///   - keypoints: where labelled keypoints of positive anchors were predicted, and how sure the head is.
  ///   - density: of errors in units of their deviations, which the head learns.
  /// - Returns: one number.
  func callAsFunction(_ keypoints: PredictedDistributions, density: HeadOutput.LogDensity) -> Tensor
}

/// Positions and deviations that a head predicts for labelled keypoints, in cells.
public struct PredictedDistributions {
  /// `[n, 2]`.
  public var positions: Tensor
  /// `[n, 2]`, positive.
  public var deviations: Tensor
  /// `[n, 2]`.
  public var targets: Tensor
  /// Which keypoint of the skeleton each is.
  public var keypoints: [Int]
}
