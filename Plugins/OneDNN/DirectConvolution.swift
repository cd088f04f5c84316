internal import Kernels
internal import Tensor

/// Convolutions of maps with few channels, such as a network's first: our own kernel for 512-bit vectors does the sums
/// as fast as oneDNN's, and activation and rounding much faster.
///
/// Results do not depend on the number of threads.
struct DirectConvolution {
  private let geometry: ConvolutionGeometry
  private let precision: Precision

  /// Nil where the kernel does not apply or pay: with 32-bit floats and no activation oneDNN's is a little faster.
  init?(_ geometry: ConvolutionGeometry, _ precision: Precision, _ activation: Activation) {
    var shape = geometry.kernelShape(inStride: geometry.inChannels, outStride: geometry.outChannels)
    guard VectorConvolution.supports(precision), pl_direct_has(&shape) != 0, !geometry.isPointwise,
      geometry.outChannels >= 8, precision != .float32 || activation != .identity
    else { return nil }
    self.geometry = geometry
    self.precision = precision
  }

  func pack(_ weight: Tensor) -> Tensor {
    var shape = geometry.kernelShape(inStride: geometry.inChannels, outStride: geometry.outChannels)
    let result = Tensor(
      uninitialized: [pl_direct_weight_count(precision.kernel, &shape)], on: weight.device)
    pl_direct_weight(precision.kernel, &shape, weight.cpu, result.cpu)
    return result
  }

  func callAsFunction(
    _ input: Tensor, packed: Tensor, bias: Tensor?, activation: Activation, to output: Tensor
  ) {
    var shape = geometry.kernelShape(inStride: input.rowStride, outStride: output.rowStride)
    pl_direct(
      precision.kernel, &shape, input.address, packed.cpu, bias?.cpu, activation.kernel, output.address)
  }
}
