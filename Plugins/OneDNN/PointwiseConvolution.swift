internal import Kernels
internal import Tensor

/// 1 × 1 convolutions of bfloat16 maps, which our own kernel for 512-bit vectors does faster than oneDNN's.
///
/// Results do not depend on the number of threads.
struct PointwiseConvolution {
  private let geometry: ConvolutionGeometry

  private static let isSupported = pl_has_wide_bfloat16() != 0

  /// Nil where the kernel does not apply or pay: with no activation oneDNN's is a little faster.
  init?(
    _ geometry: ConvolutionGeometry, _ precision: Precision, _ activation: Activation, to output: Precision
  ) {
    guard Self.isSupported, precision == .bfloat16, geometry.isPointwise,
      geometry.inChannels.isMultiple(of: 2), activation != .identity || output != .bfloat16
    else { return nil }
    self.geometry = geometry
  }

  func pack(_ weight: Tensor) -> Tensor {
    let (first, second) = (geometry.inChannels, geometry.outChannels)
    let result = Tensor(uninitialized: [pl_pointwise_weight_count(first, second)], on: weight.device)
    pl_pointwise_weight(first, second, weight.cpu, result.cpu)
    return result
  }

  func callAsFunction(
    _ input: Tensor, packed: Tensor, bias: Tensor?, activation: Activation, to output: Tensor
  ) {
    var shape = pl_pointwise_shape(
      rows: input.rows, in_channels: geometry.inChannels, out_channels: geometry.outChannels,
      in_stride: input.rowStride, out_stride: output.rowStride)
    pl_pointwise(
      &shape, input.address, packed.cpu, bias?.cpu, activation.kernel, output.precision.kernel, output.address
    )
  }
}
