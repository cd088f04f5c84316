internal import Kernels
internal import Tensor

/// The convolutions that our own kernels for 512-bit vectors do faster than oneDNN's: 3 × 3 with stride 1 in the
/// minimal filtering form, and gradients of weights.
///
/// Their results do not depend on the number of threads.
struct VectorConvolution {
  let geometry: ConvolutionGeometry

  private static let isSupported = pl_has_wide_vectors() != 0

  private init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  /// The minimal filtering form, nil where it does not apply or does not pay: for few channels, small maps or few
  /// tiles the transforms cost more than they save.
  static func filtering(_ geometry: ConvolutionGeometry) -> VectorConvolution? {
    let g = geometry
    let tiles = g.batch * ((g.outHeight + 3) / 4) * ((g.outWidth + 3) / 4)
    guard isSupported, g.kernelHeight == 3, g.kernelWidth == 3, g.stride == 1, g.dilation == 1, g.groups == 1,
      g.padding <= 2, g.paddingX <= 2, min(g.inChannels, g.outChannels) >= 8,
      min(g.outHeight, g.outWidth) >= 6, tiles >= 16
    else { return nil }
    return VectorConvolution(g)
  }

  /// The same for the gradient of the input: a convolution of the output's gradient.
  static func filteringInputGradient(_ geometry: ConvolutionGeometry) -> VectorConvolution? {
    guard filtering(geometry) != nil else { return nil }
    return filtering(
      ConvolutionGeometry(
        batch: geometry.batch, height: geometry.outHeight, width: geometry.outWidth,
        inChannels: geometry.outChannels, outChannels: geometry.inChannels, kernelHeight: 3, kernelWidth: 3,
        padding: 2 - geometry.padding, paddingX: 2 - geometry.paddingX))
  }

  /// The gradient of any weight but those of grouped or dilated convolutions and of very few channels.
  static func weightGradient(_ geometry: ConvolutionGeometry) -> VectorConvolution? {
    guard isSupported, geometry.dilation == 1, geometry.groups == 1, geometry.inChannels >= 8 else {
      return nil
    }
    return VectorConvolution(geometry)
  }

  /// Numbers of a transformed weight.
  var weightCount: Int { pl_winograd_weight_count(geometry.inChannels, geometry.outChannels) }

  /// - Parameter reverse: `weight` is that of the convolution whose input gradient this is.
  func transform(_ weight: Tensor, reverse: Bool = false) -> Tensor {
    let result = Tensor(uninitialized: [weightCount], on: weight.device)
    let (first, second) =
      reverse ? (geometry.outChannels, geometry.inChannels) : (geometry.inChannels, geometry.outChannels)
    pl_winograd_weight(first, second, weight.cpu, reverse ? 1 : 0, result.cpu)
    return result
  }

  func callAsFunction(
    _ input: Tensor, transformed: Tensor, bias: Tensor? = nil, activation: Activation = .identity,
    to output: Tensor
  ) {
    var shape = geometry.kernelShape(inStride: input.rowStride, outStride: output.rowStride)
    let scratch = Tensor(uninitialized: [pl_winograd_scratch(&shape)], on: output.device)
    pl_winograd(
      &shape, input.cpu, transformed.cpu, bias?.cpu, activation.kernel, output.cpu, scratch.cpu)
  }

  func weightGradient(input: Tensor, gradient: Tensor, to weightGradient: Tensor) {
    var shape = geometry.kernelShape(inStride: input.rowStride, outStride: gradient.rowStride)
    let device = weightGradient.device
    if Self.filtering(geometry) != nil {
      let scratch = Tensor(uninitialized: [pl_winograd_gradient_scratch(&shape)], on: device)
      pl_winograd_gradient(&shape, input.cpu, gradient.cpu, weightGradient.cpu, scratch.cpu)
    } else {
      let scratch = Tensor(uninitialized: [pl_weight_gradient_scratch(&shape)], on: device)
      pl_weight_gradient(&shape, input.cpu, gradient.cpu, weightGradient.cpu, scratch.cpu)
    }
  }
}
