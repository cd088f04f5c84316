/// How far class scores are from what they should be.
public protocol ClassificationLoss: Sendable {
  /// Any number of scores, each for itself.
  ///
  /// - Parameters:
  ///   - targets: 0…1; as many as there are logits.
  ///   - gradient: the derivative by the logits is written here; as many.
  /// - Returns: the sum of the losses.
  func evaluate(
    logits: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>,
    gradient: UnsafeMutableBufferPointer<Float>
  ) -> Double
}
