import Tensor

/// Batch normalisation over all axes but the last.
///
/// Source: Ioffe and Szegedy, Batch Normalization, arXiv:1502.03167. ε 1e-3 and momentum 0.03 (running = 0.97 old +
/// 0.03 new, unbiased variance) are what the YOLO family trains with.
public final class BatchNorm2D: UnaryLayer {
  public let weight: Parameter
  public let bias: Parameter
  public let runningMean: Buffer
  public let runningVariance: Buffer
  public let epsilon: Float
  public let momentum: Float

  public init(_ channels: Int, epsilon: Float = 1e-3, momentum: Float = 0.03) {
    weight = Parameter([channels], role: .normalization, initializer: .constant(1))
    bias = Parameter([channels], role: .bias, initializer: .constant(0))
    runningMean = Buffer([channels], initialValue: 0)
    runningVariance = Buffer([channels], initialValue: 1)
    self.epsilon = epsilon
    self.momentum = momentum
  }

  public var members: [LayerMember] {
    [
      .parameter("weight", weight), .parameter("bias", bias), .buffer("running_mean", runningMean),
      .buffer("running_var", runningVariance),
    ]
  }

  /// A frozen layer keeps its statistics and goes by them in training too.
  var isFrozen: Bool { weight.isFrozen && bias.isFrozen }

  func normalization(_ pass: ForwardPass, activation: Activation) -> BatchNormalization {
    BatchNormalization(
      scale: weight(pass), shift: bias(pass), runningMean: runningMean.value,
      runningVariance: runningVariance.value,
      momentum: momentum, epsilon: epsilon, activation: activation)
  }

  /// Scale and shift that running statistics amount to.
  func running() -> (scale: [Float], shift: [Float]) {
    let (gamma, beta) = (weight.value.copyToHost(), bias.value.copyToHost())
    let (mean, variance) = (runningMean.value.copyToHost(), runningVariance.value.copyToHost())
    let scale = zip(gamma, variance).map { $0 / ($1 + epsilon).squareRoot() }
    return (scale, zip(zip(beta, mean), scale).map { $0.0 - $0.1 * $1 })
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    if pass.mode == .training && !isFrozen {
      return input.batchNormalized(normalization(pass, activation: .identity))
    }
    if pass.recordsGradients {
      let deviation = (runningVariance.value + epsilon).applying(.sqrt)
      return (input - runningMean.value) / deviation * weight(pass) + bias(pass)
    }
    let (scale, shift) = running()
    let device = input.device
    return input * Tensor(scale, shape: [scale.count], on: device)
      + Tensor(shift, shape: [shift.count], on: device)
  }
}
