/// `output[b] = alpha · op(a[b]) · op(b[b])` for each of `batch` matrices.
///
/// Sizes are those of the product: `rows × columns`, `inner` summed over. Operands are dense; strides are elements from
/// one matrix of the batch to the next (0 repeats one matrix).
public struct MatrixProduct: Sendable {
  public var batch: Int
  public var rows: Int
  public var columns: Int
  public var inner: Int
  public var transposeA: Bool
  public var transposeB: Bool
  public var alpha: Float
  public var strideA: Int
  public var strideB: Int

  public init(
    batch: Int, rows: Int, columns: Int, inner: Int, transposeA: Bool = false, transposeB: Bool = false,
    alpha: Float = 1, strideA: Int? = nil, strideB: Int? = nil
  ) {
    self.batch = batch
    self.rows = rows
    self.columns = columns
    self.inner = inner
    self.transposeA = transposeA
    self.transposeB = transposeB
    self.alpha = alpha
    self.strideA = strideA ?? rows * inner
    self.strideB = strideB ?? inner * columns
  }
}

/// What training-mode batch normalisation needs and updates.
public struct BatchNormalization {
  /// `[channels]`: learned scale and shift.
  public var scale: Tensor
  public var shift: Tensor
  /// Running statistics, moved toward the batch's by `momentum`; nil leaves none.
  public var runningMean: Tensor?
  public var runningVariance: Tensor?
  public var momentum: Float
  public var epsilon: Float
  public var activation: Activation

  public init(
    scale: Tensor, shift: Tensor, runningMean: Tensor?, runningVariance: Tensor?, momentum: Float,
    epsilon: Float,
    activation: Activation
  ) {
    self.scale = scale
    self.shift = shift
    self.runningMean = runningMean
    self.runningVariance = runningVariance
    self.momentum = momentum
    self.epsilon = epsilon
    self.activation = activation
  }
}

/// Per-channel numbers a batch normalisation keeps for its gradient, all `[channels]`.
public struct NormalizationRecord {
  public var mean: Tensor
  /// 1 / √(variance + ε).
  public var inverseDeviation: Tensor
  /// output = activation(input · factor + term).
  public var factor: Tensor
  public var term: Tensor

  public init(mean: Tensor, inverseDeviation: Tensor, factor: Tensor, term: Tensor) {
    self.mean = mean
    self.inverseDeviation = inverseDeviation
    self.factor = factor
    self.term = term
  }
}

public struct PoolGeometry: Hashable, Sendable {
  public var batch: Int
  public var height: Int
  public var width: Int
  public var channels: Int
  public var kernel: Int
  public var stride: Int
  public var padding: Int

  public init(batch: Int, height: Int, width: Int, channels: Int, kernel: Int, stride: Int, padding: Int) {
    self.batch = batch
    self.height = height
    self.width = width
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  public var outHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
  public var outWidth: Int { (width + 2 * padding - kernel) / stride + 1 }
  public var outputShape: [Int] { [batch, outHeight, outWidth, channels] }
}

/// Which place of its window each maximum came from; only engines look inside.
public struct PoolWinners {
  package let storage: Storage

  package init(storage: Storage) { self.storage = storage }
}

/// Self-attention over the positions of each image.
public struct AttentionGeometry: Hashable, Sendable {
  public var batch: Int
  public var positions: Int
  public var heads: Int
  public var keyChannels: Int
  public var valueChannels: Int

  public init(batch: Int, positions: Int, heads: Int, keyChannels: Int, valueChannels: Int) {
    self.batch = batch
    self.positions = positions
    self.heads = heads
    self.keyChannels = keyChannels
    self.valueChannels = valueChannels
  }

  /// Channels of one head in the packed input: query, key, value.
  public var headChannels: Int { 2 * keyChannels + valueChannels }
  /// Scores are multiplied by 1 / √keyChannels.
  public var scale: Float { 1 / Float(keyChannels).squareRoot() }
}

/// One step of stochastic gradient descent; see `pl_sgd_step`.
public struct SGDStep: Sendable {
  public var gradientScale: Float
  public var learningRate: Float
  public var momentum: Float
  public var decay: Float
  public var nesterov: Bool
  public var isFirst: Bool

  public init(
    gradientScale: Float, learningRate: Float, momentum: Float, decay: Float, nesterov: Bool, isFirst: Bool
  ) {
    self.gradientScale = gradientScale
    self.learningRate = learningRate
    self.momentum = momentum
    self.decay = decay
    self.nesterov = nesterov
    self.isFirst = isFirst
  }
}

/// One step of Adam (coupled decay) or AdamW (decoupled).
public struct AdamStep: Sendable {
  public var gradientScale: Float
  public var learningRate: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var decay: Double
  public var decoupled: Bool
  /// Counted from 1.
  public var step: Int

  public init(
    gradientScale: Float, learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double,
    decoupled: Bool, step: Int
  ) {
    self.gradientScale = gradientScale
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.decay = decay
    self.decoupled = decoupled
    self.step = step
  }
}

/// One RMSprop step.
public struct RMSpropStep: Sendable {
  public var gradientScale: Float
  public var learningRate: Float
  public var momentum: Float
  /// How much of the old mean square is kept.
  public var smoothing: Float
  public var epsilon: Float
  public var decay: Float

  public init(
    gradientScale: Float, learningRate: Float, momentum: Float, smoothing: Float, epsilon: Float, decay: Float
  ) {
    self.gradientScale = gradientScale
    self.learningRate = learningRate
    self.momentum = momentum
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.decay = decay
  }
}

/// One Lion step.
public struct LionStep: Sendable {
  public var gradientScale: Float
  public var learningRate: Float
  public var beta1: Float
  public var beta2: Float
  public var decay: Float

  public init(gradientScale: Float, learningRate: Float, beta1: Float, beta2: Float, decay: Float) {
    self.gradientScale = gradientScale
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.decay = decay
  }
}
