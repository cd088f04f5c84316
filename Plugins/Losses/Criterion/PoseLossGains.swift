/// How much each part of the pose loss counts.
public struct PoseLossGains: Sendable, Equatable {
  /// Boxes.
  public var box: Float
  /// Keypoint positions.
  public var pose: Float
  /// Keypoint visibility.
  public var kobj: Float
  /// Classes.
  public var cls: Float
  /// Distributions of the sides.
  public var dfl: Float

  public init(box: Float = 7.5, pose: Float = 12, kobj: Float = 1, cls: Float = 0.5, dfl: Float = 1.5) {
    self.box = box
    self.pose = pose
    self.kobj = kobj
    self.cls = cls
    self.dfl = dfl
  }
}
