public import PoseCore

/// Decides which anchors learn which target.
public protocol Assigner: Sendable {
  /// Assigns anchors of one image.
  ///
  /// - Parameter targets: in input pixels; class indices are valid.
  /// - Returns: positive anchors only, in the order of their numbers.
  func assign(_ prediction: ImagePrediction, to targets: [Instance]) -> [Assignment]
}

/// A positive anchor and what it is to learn.
public struct Assignment: Sendable, Equatable {
  /// Number in the `AnchorGrid`.
  public var anchor: Int
  /// Number among the image's targets.
  public var target: Int
  /// What the anchor's score of the target's class should be, 0…1; also the weight of its box.
  public var score: Float

  public init(anchor: Int, target: Int, score: Float) {
    self.anchor = anchor
    self.target = target
    self.score = score
  }
}
