/// An engine that computes nothing: running a model on it tells the shapes and the cost of every step.
///
/// There are no numbers, and no memory is reserved; use it on the device that `device()` gives. Counts that no
/// machine could work off stay at their limit.
public final class ShapeEngine: Engine {
  /// Multiply-adds of the convolutions and matrix products run so far.
  public private(set) var multiplyAdds = 0
  /// Numbers that went through batch normalisations so far.
  public private(set) var normalizedNumbers = 0

  public init() {}

  /// A device whose tensors have shapes alone.
  public func device() -> Device { Device(engine: self, pool: .withoutMemory()) }

  private static let limit = 1 << 58

  /// A sum of products, at most `limit`.
  private static func sum(_ count: Int, _ factors: Int...) -> Int {
    var product = 1
    for factor in factors {
      let (value, overflows) = product.multipliedReportingOverflow(by: factor)
      product = overflows ? limit : min(value, limit)
    }
    return min(limit, count + product)
  }

  public var name: String { "shapes" }
  public var sharesHostMemory: Bool { false }

  public func fill(_ output: Tensor, _ value: Float) {}
  public func upload(_ values: UnsafeBufferPointer<Float>, to output: Tensor) {}
  public func uploadUnitRange(_ bytes: UnsafeBufferPointer<UInt8>, to output: Tensor) {}
  public func download(_ input: Tensor, to values: UnsafeMutableBufferPointer<Float>) {
    values.update(repeating: 0)
  }
  public func copy(_ input: Tensor, to output: Tensor) {}
  public func copy(_ input: Tensor, strides: [Int], to output: Tensor) {}

  public func unary(_ function: Activation, _ input: Tensor, to output: Tensor) {}
  public func unaryGradient(_ function: Activation, input: Tensor, gradient: Tensor, to output: Tensor) {}
  public func binary(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, to output: Tensor) {}
  public func affine(_ input: Tensor, scale: Float, offset: Float, to output: Tensor) {}
  public func accumulate(_ addend: Tensor, into sum: Tensor) {}
  public func sumMiddle(_ input: Tensor, outer: Int, middle: Int, inner: Int, to output: Tensor) {}
  public func rowMaximum(_ input: Tensor, to output: Tensor) {}
  public func rowMaximumGradient(input: Tensor, gradient: Tensor, to inputGradient: Tensor) {}
  public func softmax(_ input: Tensor, to output: Tensor) {}
  public func softmaxGradient(output: Tensor, gradient: Tensor, to inputGradient: Tensor) {}
  public func matrixProduct(_ product: MatrixProduct, _ a: Tensor, _ b: Tensor, to output: Tensor) {
    multiplyAdds = Self.sum(multiplyAdds, product.batch, product.rows, product.columns, product.inner)
  }

  public func convolution(
    _ geometry: ConvolutionGeometry, input: Tensor, weight: Tensor, bias: Tensor?, activation: Activation,
    to output: Tensor, weightVersion: WeightVersion?
  ) {
    multiplyAdds = Self.sum(multiplyAdds, geometry.multiplyAdds)
  }
  public func convolutionInputGradient(
    _ geometry: ConvolutionGeometry, gradient: Tensor, weight: Tensor, to inputGradient: Tensor
  ) {
    multiplyAdds = Self.sum(multiplyAdds, geometry.multiplyAdds)
  }
  public func convolutionWeightGradient(
    _ geometry: ConvolutionGeometry, input: Tensor, gradient: Tensor, to weightGradient: Tensor
  ) {
    multiplyAdds = Self.sum(multiplyAdds, geometry.multiplyAdds)
  }
  public func channelSums(_ input: Tensor, to sums: Tensor) {}

  public func batchNormalization(_ input: Tensor, _ normalization: BatchNormalization, to output: Tensor)
    -> NormalizationRecord
  {
    normalizedNumbers = Self.sum(normalizedNumbers, input.count)
    return NormalizationRecord(
      mean: normalization.scale, inverseDeviation: normalization.scale, factor: normalization.scale,
      term: normalization.shift)
  }
  public func normalize(
    _ input: Tensor, _ record: NormalizationRecord, _ activation: Activation, to output: Tensor
  ) {}
  public func batchNormalizationGradient(
    input: Tensor, gradient: Tensor, record: NormalizationRecord, activation: Activation,
    to inputGradient: Tensor, scaleGradient: Tensor, shiftGradient: Tensor
  ) {}

  public func maxPool(_ pool: PoolGeometry, input: Tensor, to output: Tensor, keepWinners: Bool)
    -> PoolWinners?
  { nil }
  public func maxPoolGradient(
    _ pool: PoolGeometry, gradient: Tensor, winners: PoolWinners, to inputGradient: Tensor
  ) {}
  public func upsampleNearest(_ input: Tensor, factor: Int, to output: Tensor) {}
  public func upsampleNearestGradient(_ gradient: Tensor, factor: Int, to inputGradient: Tensor) {}

  public func attention(_ geometry: AttentionGeometry, input: Tensor, to output: Tensor, keepWeights: Bool)
    -> Tensor?
  {
    multiplyAdds = Self.sum(
      multiplyAdds, geometry.batch, geometry.heads, geometry.positions, geometry.positions,
      geometry.keyChannels + geometry.valueChannels)
    return nil
  }
  public func attentionGradient(
    _ geometry: AttentionGeometry, input: Tensor, weights: Tensor, gradient: Tensor,
    to inputGradient: Tensor
  ) {}

  public func sumOfSquares(_ input: Tensor) -> Double { 0 }
  public func hasNonFinite(_ input: Tensor) -> Bool { false }
  public func sgdStep(_ step: SGDStep, weights: Tensor, gradients: Tensor, momentum: Tensor) {}
  public func adamStep(_ step: AdamStep, weights: Tensor, gradients: Tensor, first: Tensor, second: Tensor) {}
  public func rmspropStep(
    _ step: RMSpropStep, weights: Tensor, gradients: Tensor, velocity: Tensor, squares: Tensor, mean: Tensor?
  ) {}
  public func lionStep(_ step: LionStep, weights: Tensor, gradients: Tensor, momentum: Tensor) {}
  public func exponentialMovingAverage(_ average: Tensor, toward values: Tensor, decay: Float) {}
}
