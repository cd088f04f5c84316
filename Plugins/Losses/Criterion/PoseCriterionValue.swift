/// The pose loss of a batch.
public struct PoseCriterionValue: Sendable, Equatable {
  /// Mean overlap loss of the boxes, times its gain; so the others.
  public var box: Float
  /// Positions of the keypoints.
  public var pose: Float
  /// Visibility of the keypoints; 0 for heads without.
  public var kobj: Float
  public var cls: Float
  public var dfl: Float
  /// The sum of the parts times the batch size: what is minimised.
  public var total: Float
  /// Anchors that have a target.
  public var positives: Int
  /// The sum of the scores that these anchors should have; the divisor of most parts is this, but at least 1.
  public var targetScoreSum: Float

  /// Names of `items`, in order.
  public static let itemNames = ["box_loss", "pose_loss", "kobj_loss", "cls_loss", "dfl_loss"]

  /// The parts in the order of `itemNames`.
  public var items: [Float] { [box, pose, kobj, cls, dfl] }
}
