public import PoseCore

/// How far a predicted box is from its target.
public protocol BoxLoss: Sendable {
  /// Boxes are in cells of the anchor's level.
  ///
  /// - Returns: the loss and its derivative by the corners of the predicted box.
  func evaluate(predicted: Box, target: Box) -> (loss: Float, gradient: Box)
}
