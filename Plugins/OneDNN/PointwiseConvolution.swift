internal import Kernels
internal import Tensor

/// 1 × 1 convolutions, and the gradients of their inputs, by our own kernel for 512-bit vectors: faster than oneDNN's,
/// and rows may lie apart.
///
/// Results do not depend on the number of threads.
struct PointwiseConvolution {
  private let inChannels: Int
  private let outChannels: Int
  private let precision: Precision
  private let isReversed: Bool

  private static let supportsFloats = pl_has_wide_vectors() != 0
  private static let supportsHalves = pl_has_wide_bfloat16() != 0

  /// Nil where the kernel does not apply.
  ///
  /// - Parameters:
  ///   - precision: of what the products are taken of.
  ///   - reverse: for the gradient of the input of the convolution that `geometry` is of.
  init?(_ geometry: ConvolutionGeometry, _ precision: Precision, reverse: Bool = false) {
    inChannels = reverse ? geometry.outChannels : geometry.inChannels
    outChannels = reverse ? geometry.inChannels : geometry.outChannels
    guard geometry.isPointwise, precision == .float32 ? Self.supportsFloats : Self.supportsHalves,
      precision == .float32 || inChannels.isMultiple(of: 2)
    else { return nil }
    self.precision = precision
    isReversed = reverse
  }

  func pack(_ weight: Tensor) -> Tensor {
    let count = pl_pointwise_weight_count(precision.kernel, inChannels, outChannels)
    let result = Tensor(uninitialized: [count], on: weight.device)
    pl_pointwise_weight(
      precision.kernel, inChannels, outChannels, weight.cpu, isReversed ? 1 : 0, result.cpu)
    return result
  }

  func callAsFunction(
    _ input: Tensor, packed: Tensor, bias: Tensor? = nil, activation: Activation = .identity,
    to output: Tensor
  ) {
    var shape = pl_pointwise_shape(
      rows: input.rows, in_channels: inChannels, out_channels: outChannels, in_stride: input.rowStride,
      out_stride: output.rowStride, in_format: input.precision.kernel, out_format: output.precision.kernel)
    pl_pointwise(&shape, input.address, packed.cpu, bias?.cpu, activation.kernel, output.address)
  }
}
