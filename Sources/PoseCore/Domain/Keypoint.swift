/// How a labelled keypoint may be seen; the raw value is COCO's `v`.
public enum Visibility: UInt8, Sendable, Codable {
  case unlabelled = 0
  case hidden = 1
  case visible = 2
}

/// A labelled keypoint, in the pixels of the picture it belongs to.
public struct Keypoint: Sendable, Equatable {
  public var x: Float
  public var y: Float
  public var visibility: Visibility

  public init(x: Float, y: Float, visibility: Visibility) {
    self.x = x
    self.y = y
    self.visibility = visibility
  }
}

/// A predicted keypoint, in the pixels of the picture it belongs to.
public struct PredictedKeypoint: Sendable, Equatable {
  public var x: Float
  public var y: Float
  /// 0…1; 1 for heads that predict no visibility.
  public var confidence: Float

  public init(x: Float, y: Float, confidence: Float) {
    self.x = x
    self.y = y
    self.confidence = confidence
  }
}
