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
  /// Of activations; weights, statistics of normalisation and what heads give out are 32-bit floats always.
  public var precision: Precision

  public init(_ mode: Mode, recordsGradients: Bool? = nil, precision: Precision = .float32) {
    self.mode = mode
    self.precision = precision
    self.recordsGradients = recordsGradients ?? (mode == .training)
  }
}
