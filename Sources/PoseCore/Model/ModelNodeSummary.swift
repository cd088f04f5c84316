public import Config

/// One line of a model's table.
public struct ModelNodeSummary: Sendable {
  public var index: Int
  /// Where it takes from, as recipes write it.
  public var from: String
  public var repeats: Int
  public var name: String
  /// Resolved.
  public var arguments: Node
  /// Learned numbers and constants.
  public var parameterCount: Int
  /// `[height, width, channels]` of each map it gives; a head's are boxes, scores and keypoints of each level.
  public var outputShapes: [[Int]]
  /// Of its convolutions and matrix products, for one image; what a head gives in training alone is left out.
  public var multiplyAdds: Int
  /// Numbers that go through its batch normalisations, for one image.
  public var normalizedNumbers: Int
}
