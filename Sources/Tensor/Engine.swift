/// What computes on a device's tensors. Layers, losses and training see tensors only; engines see memory.
///
/// Operations write into tensors that exist; `output` never overlaps an input unless a method says it may. Every
/// method accepts inputs and outputs whose rows are apart (`rowStride`).
///
/// Filling, copying (also from one precision to the other), `unary`, `binary` of equal shapes, `accumulate`,
/// convolutions, batch normalisation, pooling and upsampling get tensors of either precision; weights and everything
/// per channel are 32-bit floats, and so is all that the other methods get.
public protocol Engine: AnyObject {
  var name: String { get }
  /// Whether `withHostValues` may lend device memory itself.
  var sharesHostMemory: Bool { get }
  /// Whether maps that will be joined may be written side by side; false where it matters that they are joined.
  var joinsInPlace: Bool { get }

  // Memory
  func fill(_ output: Tensor, _ value: Float)
  func upload(_ values: UnsafeBufferPointer<Float>, to output: Tensor)
  func uploadUnitRange(_ bytes: UnsafeBufferPointer<UInt8>, to output: Tensor)
  func download(_ input: Tensor, to values: UnsafeMutableBufferPointer<Float>)
  func copy(_ input: Tensor, to output: Tensor)
  /// `output` (dense) takes `input` read with `strides` (elements an axis, 0 to repeat).
  func copy(_ input: Tensor, strides: [Int], to output: Tensor)

  // Numbers
  func unary(_ function: Activation, _ input: Tensor, to output: Tensor)
  func unaryGradient(_ function: Activation, input: Tensor, gradient: Tensor, to output: Tensor)
  func binary(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, to output: Tensor)
  /// scale · input + offset; `output` may be `input`.
  func affine(_ input: Tensor, scale: Float, offset: Float, to output: Tensor)
  func accumulate(_ addend: Tensor, into sum: Tensor)
  /// Sums `input`, seen as `[outer, middle, inner]`, over the middle.
  func sumMiddle(_ input: Tensor, outer: Int, middle: Int, inner: Int, to output: Tensor)
  /// The largest number of each row; `output` is dense.
  func rowMaximum(_ input: Tensor, to output: Tensor)
  /// Gives the gradient of each row's largest number to the first place that holds it.
  func rowMaximumGradient(input: Tensor, gradient: Tensor, to inputGradient: Tensor)
  func softmax(_ input: Tensor, to output: Tensor)
  func softmaxGradient(output: Tensor, gradient: Tensor, to inputGradient: Tensor)
  func matrixProduct(_ product: MatrixProduct, _ a: Tensor, _ b: Tensor, to output: Tensor)

  // Convolution
  func convolution(
    _ geometry: ConvolutionGeometry, input: Tensor, weight: Tensor, bias: Tensor?, activation: Activation,
    to output: Tensor, weightVersion: WeightVersion?)
  func convolutionInputGradient(
    _ geometry: ConvolutionGeometry, gradient: Tensor, weight: Tensor, to inputGradient: Tensor)
  func convolutionWeightGradient(
    _ geometry: ConvolutionGeometry, input: Tensor, gradient: Tensor, to weightGradient: Tensor)
  func channelSums(_ input: Tensor, to sums: Tensor)

  // Batch normalisation
  func batchNormalization(_ input: Tensor, _ normalization: BatchNormalization, to output: Tensor)
    -> NormalizationRecord
  /// The output of `batchNormalization` again, with the same bits, from its record.
  func normalize(
    _ input: Tensor, _ record: NormalizationRecord, _ activation: Activation, to output: Tensor)
  /// Gradient through activation and normalisation; `inputGradient` may be the input's or the gradient's memory.
  func batchNormalizationGradient(
    input: Tensor, gradient: Tensor, record: NormalizationRecord, activation: Activation,
    to inputGradient: Tensor,
    scaleGradient: Tensor, shiftGradient: Tensor)

  // Space
  func maxPool(_ pool: PoolGeometry, input: Tensor, to output: Tensor, keepWinners: Bool) -> PoolWinners?
  func maxPoolGradient(_ pool: PoolGeometry, gradient: Tensor, winners: PoolWinners, to inputGradient: Tensor)
  func upsampleNearest(_ input: Tensor, factor: Int, to output: Tensor)
  func upsampleNearestGradient(_ gradient: Tensor, factor: Int, to inputGradient: Tensor)

  // Attention, all heads of all images: see `Tensor.attention`.
  func attention(_ geometry: AttentionGeometry, input: Tensor, to output: Tensor, keepWeights: Bool)
    -> Tensor?
  func attentionGradient(
    _ geometry: AttentionGeometry, input: Tensor, weights: Tensor, gradient: Tensor, to inputGradient: Tensor)

  // Optimisers, on flat tensors
  func sumOfSquares(_ input: Tensor) -> Double
  func hasNonFinite(_ input: Tensor) -> Bool
  func sgdStep(_ step: SGDStep, weights: Tensor, gradients: Tensor, momentum: Tensor)
  func adamStep(_ step: AdamStep, weights: Tensor, gradients: Tensor, first: Tensor, second: Tensor)
  func rmspropStep(
    _ step: RMSpropStep, weights: Tensor, gradients: Tensor, velocity: Tensor, squares: Tensor, mean: Tensor?)
  func lionStep(_ step: LionStep, weights: Tensor, gradients: Tensor, momentum: Tensor)
  func exponentialMovingAverage(_ average: Tensor, toward values: Tensor, decay: Float)
}

extension Engine {
  public var joinsInPlace: Bool { true }
}

/// Names the content of a weight, so that engines can keep its reordered copy for as long as it does not change.
public struct WeightVersion: Hashable, Sendable {
  public let identity: Int
  public let version: Int

  public init(identity: Int, version: Int) {
    self.identity = identity
    self.version = version
  }
}
