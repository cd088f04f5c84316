internal import Kernels
internal import Tensor

/// Depthwise convolutions and their gradients by our own kernels for 512-bit vectors.
///
/// Results do not depend on the number of threads.
struct DepthwiseConvolution {
  private let geometry: ConvolutionGeometry
  private let precision: Precision

  /// Nil where the kernels do not apply.
  init?(_ geometry: ConvolutionGeometry, _ precision: Precision) {
    self.geometry = geometry
    self.precision = precision
    var shape = shape()
    guard VectorConvolution.supports(precision), geometry.isDepthwise, pl_wide_depthwise_has(&shape) != 0
    else { return nil }
  }

  /// The convolution of the output's gradient that gives the input's; nil unless the stride is 1.
  static func inputGradient(_ geometry: ConvolutionGeometry, _ precision: Precision) -> DepthwiseConvolution?
  {
    let (y, x) = (geometry.kernelHeight - 1 - geometry.padding, geometry.kernelWidth - 1 - geometry.paddingX)
    guard geometry.stride == 1, y >= 0, x >= 0 else { return nil }
    var reverse = geometry
    (reverse.height, reverse.width) = (geometry.outHeight, geometry.outWidth)
    (reverse.padding, reverse.paddingX) = (y, x)
    return DepthwiseConvolution(reverse, precision)
  }

  private func shape(inStride: Int? = nil, outStride: Int? = nil) -> pl_convolution_shape {
    geometry.kernelShape(
      inStride: inStride ?? geometry.inChannels, outStride: outStride ?? geometry.outChannels)
  }

  /// - Parameter reverse: `weight` is that of the convolution whose input gradient this is.
  func pack(_ weight: Tensor, reverse: Bool = false) -> Tensor {
    var shape = shape()
    let result = Tensor(uninitialized: [pl_wide_depthwise_weight_count(&shape)], on: weight.device)
    pl_wide_depthwise_weight(&shape, weight.cpu, reverse ? 1 : 0, result.cpu)
    return result
  }

  func callAsFunction(
    _ input: Tensor, packed: Tensor, bias: Tensor? = nil, activation: Activation = .identity,
    to output: Tensor
  ) {
    var shape = shape(inStride: input.rowStride, outStride: output.rowStride)
    pl_wide_depthwise(
      precision.kernel, &shape, input.address, packed.cpu, bias?.cpu, activation.kernel, output.address)
  }

  var hasWeightGradient: Bool {
    var shape = shape()
    return pl_wide_depthwise_gradient_has(&shape) != 0
  }

  func weightGradient(input: Tensor, gradient: Tensor, to weightGradient: Tensor) {
    var shape = shape(inStride: input.rowStride, outStride: gradient.rowStride)
    let scratch = Tensor(
      uninitialized: [pl_wide_depthwise_gradient_scratch(&shape)], on: weightGradient.device)
    pl_wide_depthwise_gradient(
      precision.kernel, &shape, input.address, gradient.address, weightGradient.cpu, scratch.cpu)
  }
}
