/// How far predicted keypoints are from their targets.
public protocol KeypointLoss: Sendable {
  /// One anchor.
  ///
  /// - Parameters:
  ///   - predicted: x and y of each keypoint, in cells of the anchor's level.
  ///   - target: what they should be.
  ///   - gradient: the derivative by `predicted` is written here.
  /// - Returns: the sum of the keypoints' losses.
  func evaluate(
    predicted: UnsafeBufferPointer<SIMD2<Float>>, target: KeypointTarget,
    gradient: UnsafeMutableBufferPointer<SIMD2<Float>>
  ) -> Float
}

/// The keypoints an anchor is to predict.
public struct KeypointTarget {
  /// x and y of each keypoint, in cells of the anchor's level.
  public var positions: UnsafeBufferPointer<SIMD2<Float>>
  /// Whether a keypoint is labelled; the others teach nothing.
  public var isLabelled: UnsafeBufferPointer<Bool>
  /// How many are.
  public var labelledCount: Int
  /// Of the target's box, in cells.
  public var area: Float

  public init(
    positions: UnsafeBufferPointer<SIMD2<Float>>, isLabelled: UnsafeBufferPointer<Bool>, labelledCount: Int,
    area: Float
  ) {
    self.positions = positions
    self.isLabelled = isLabelled
    self.labelledCount = labelledCount
    self.area = area
  }
}
