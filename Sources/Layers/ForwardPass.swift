import Tensor

/// How a model is run: what normalisation layers use and whether gradients are recorded.
public struct ForwardPass: Sendable {
  public enum Mode: Sendable {
    /// Batch statistics; running statistics move.
    case training
    /// Running statistics, layers as they are.
    case evaluation
    /// Running statistics folded into weights, activations into convolutions: the fastest, equal up to rounding.
    case inference
  }

  public var mode: Mode
  public var recordsGradients: Bool

  public init(_ mode: Mode, recordsGradients: Bool? = nil) {
    self.mode = mode
    self.recordsGradients = recordsGradients ?? (mode == .training)
  }
}
