internal import Foundation
public import PoseCore

/// How well what an anchor predicts agrees with a target, as assigners ask it.
public protocol TargetOverlap: Sendable {
  /// - Returns: at most 1; not positive means that the anchor is no candidate.
  func overlap(of prediction: ImagePrediction, at anchor: AnchorGrid.Anchor, with target: Instance) -> Float
}

/// Complete intersection over union of the boxes.
public struct BoxOverlap: TargetOverlap {
  public init() {}

  public func overlap(
    of prediction: ImagePrediction, at anchor: AnchorGrid.Anchor, with target: Instance
  ) -> Float {
    let box = target.box
    let predicted = prediction.box(at: anchor)
    // Without common area the overlap is not positive.
    if predicted.x2 <= box.x1 || predicted.x1 >= box.x2 || predicted.y2 <= box.y1 || predicted.y1 >= box.y2 {
      return 0
    }
    return CompleteIoU(of: box, and: predicted).value
  }
}

/// Object keypoint similarity over the labelled keypoints; the boxes' overlap for a target that has none.
///
/// The scale is 0.53 of the target's box, as in the YOLO tools' own evaluation.
public struct KeypointOverlap: TargetOverlap {
  private static let epsilon: Float = 1e-9

  /// 1 / (2 (2σ)²) of each keypoint.
  private let precisions: [Float]
  private let boxes = BoxOverlap()

  /// - Parameter sigmas: one a keypoint, all positive.
  public init(sigmas: [Float]) {
    precisions = sigmas.map { 1 / (2 * (2 * $0) * (2 * $0)) }
  }

  public func overlap(
    of prediction: ImagePrediction, at anchor: AnchorGrid.Anchor, with target: Instance
  ) -> Float {
    let area = target.box.width * target.box.height * 0.53 + Self.epsilon
    var (sum, count) = (Float(0), Float(0))
    for (index, keypoint) in target.keypoints.enumerated() where keypoint.visibility != .unlabelled {
      let found = prediction.keypointInCells(index, at: anchor)
      let (dx, dy) = (found.x * anchor.stride - keypoint.x, found.y * anchor.stride - keypoint.y)
      sum += exp(-(dx * dx + dy * dy) * precisions[index] / area)
      count += 1
    }
    return count > 0 ? sum / count : boxes.overlap(of: prediction, at: anchor, with: target)
  }
}

/// The levels whose anchors may learn a target: those of stride s with least · s ≤ √area ≤ most · s, the finest
/// without a lower and the coarsest without an upper bound.
///
/// Source: Tian et al., FCOS, arXiv:1904.01355, section 3.2.
public struct LevelGate: Sendable, Equatable {
  public var least: Float
  public var most: Float

  public init(least: Float = 2, most: Float = 12) {
    self.least = least
    self.most = most
  }

  /// Numbers of the levels for a box in input pixels.
  public func levels(for box: Box, in grid: AnchorGrid) -> Set<Int> {
    let side = max(0, box.width * box.height).squareRoot()
    let strides = grid.levels.map(\.stride)
    return Set(
      strides.indices.filter { level in
        let stride = Float(strides[level])
        let isLarge = side >= least * stride || strides[level] == strides.min()
        return isLarge && (side <= most * stride || strides[level] == strides.max())
      })
  }
}
