/// How a head's numbers are to be read.
public struct HeadLayout: Sendable, Equatable {
  public var classCount: Int
  public var keypointCount: Int
  public var keypointDimensions: Int
  /// Bins of each box side's distribution (DFL); 1 means that the head gives the distance itself.
  public var regMax: Int
  /// Input pixels a position of each level spans.
  public var strides: [Int]
  /// How raw keypoints become positions.
  public var keypointEncoding: KeypointEncoding
  /// Whether the head says in training how sure it is of each keypoint.
  public var hasKeypointSigmas: Bool
  /// Whether a second branch learns one anchor a target.
  public var hasOneToOne: Bool
  /// Whether inference reads the one-to-one branch by default, whose predictions need no suppression.
  public var isNMSFree: Bool

  public init(
    classCount: Int, keypointCount: Int, keypointDimensions: Int, regMax: Int, strides: [Int],
    keypointEncoding: KeypointEncoding = .doubled, hasKeypointSigmas: Bool = false, hasOneToOne: Bool = false,
    isNMSFree: Bool = false
  ) {
    self.classCount = classCount
    self.keypointCount = keypointCount
    self.keypointDimensions = keypointDimensions
    self.regMax = regMax
    self.strides = strides
    self.keypointEncoding = keypointEncoding
    self.hasKeypointSigmas = hasKeypointSigmas
    self.hasOneToOne = hasOneToOne
    self.isNMSFree = isNMSFree
  }
}

/// Where a raw keypoint v of an anchor point lies: at `scale · v + anchor + shift`, in cells of the level.
public struct KeypointEncoding: Sendable, Equatable {
  public var scale: Float
  public var shift: Float

  public init(scale: Float, shift: Float) {
    self.scale = scale
    self.shift = shift
  }

  /// Twice the offset from the cell's corner (YOLOv8, YOLO11).
  public static let doubled = KeypointEncoding(scale: 2, shift: -0.5)
  /// The offset from the anchor point (YOLO26).
  public static let plain = KeypointEncoding(scale: 1, shift: 0)

  /// - Parameter anchor: a coordinate of the anchor point, in cells.
  @inline(__always)
  public func decode(_ value: Float, anchor: Float) -> Float { value * scale + (anchor + shift) }
}
