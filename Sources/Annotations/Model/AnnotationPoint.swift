public import PoseCore

/// A labelled keypoint, in pixels of the upright image.
public struct AnnotationPoint: Sendable, Equatable {
  public var x: Double
  public var y: Double
  public var visibility: Visibility

  public init(x: Double, y: Double, visibility: Visibility) {
    self.x = x
    self.y = y
    self.visibility = visibility
  }

  static let unlabelled = AnnotationPoint(x: 0, y: 0, visibility: .unlabelled)

  /// Not labelled, and nowhere.
  var isEmpty: Bool { visibility == .unlabelled && x == 0 && y == 0 }
}
