internal import Config
internal import Foundation
public import PoseCore
public import Tensor

/// Negative log-likelihood of the errors under a density that is learned as what a Laplace distribution leaves over.
///
/// Of an error e in units of the deviation σ: log σ - log φ(e) + log 2σ + |e| for each coordinate, weighted by
/// keypoint; the mean over keypoints, not below 0.
///
/// Source: Li et al., Human Pose Regression with Residual Log-likelihood Estimation, arXiv:2107.11291.
public struct ResidualLogLikelihoodLoss: LikelihoodLoss {
  /// One a keypoint.
  public var weights: [Float]
  /// Errors count up to so many deviations.
  private static let largestError: Float = 100

  public init(weights: [Float]) { self.weights = weights }

  /// The weights of YOLO26 for COCO's 17 keypoints: elbows and knees 1.2, wrists and ankles 1.5.
  public static let cocoWeights: [Float] = [
    1, 1, 1, 1, 1, 1, 1, 1.2, 1.2, 1.5, 1.5, 1, 1, 1.2, 1.2, 1.5, 1.5,
  ]

  public func callAsFunction(_ keypoints: PredictedDistributions, density: HeadOutput.LogDensity) -> Tensor {
    let count = keypoints.keypoints.count
    let device = keypoints.positions.device
    func bound(_ value: Float) -> Tensor { Tensor(repeating: value, shape: [count, 2], on: device) }
    let sigma = keypoints.deviations
    let raw = (keypoints.positions - keypoints.targets) / (sigma + 1e-9)
    let error = Tensor.minimum(Tensor.maximum(raw, bound(-Self.largestError)), bound(Self.largestError))
    let laplace = sigma.applying(.log).affine(scale: 2, offset: Foundation.log(2)) + error.applying(.abs)
    let factors = Tensor(keypoints.keypoints.map { weights[$0] }, shape: [count, 1], on: device)
    let loss = ((laplace - density(error)) * factors).sum().affine(scale: 1 / Float(max(1, count)))
    return loss.scalar < 0 ? Tensor(zeros: [1], on: device) : loss
  }

  /// `rle`.
  public static let component = Component<LossContext, any LikelihoodLoss>(
    "rle", summary: "residual log-likelihood of keypoint errors, for heads that give deviations",
    reference: "Li et al., Residual Log-likelihood Estimation, arXiv:2107.11291",
    parameters: [
      .init(
        "weights", .floatList(each: 0...1e6), default: .null,
        help:
          "one a keypoint; none means 1, and for [17, 3] keypoints 1.2 for elbows and knees, 1.5 for wrists "
          + "and ankles")
    ]
  ) { arguments, context in try ResidualLogLikelihoodLoss(arguments, context) }

  init(_ arguments: Arguments, _ context: LossContext) throws {
    let layout = context.layout
    weights =
      layout.keypointCount == 17 && layout.keypointDimensions == 3
      ? Self.cocoWeights : [Float](repeating: 1, count: layout.keypointCount)
    guard let given = try arguments.optionalFloatList("weights") else { return }
    guard given.count == weights.count else {
      throw arguments.error("\(given.count) weights for \(weights.count) keypoints", at: "weights")
    }
    weights = given
  }
}
