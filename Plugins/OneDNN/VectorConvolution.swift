internal import Kernels
internal import Tensor

/// The convolutions that our own kernels for 512-bit vectors do faster than oneDNN's: 3 × 3 in minimal filtering
/// forms, and gradients of weights.
///
/// Their results do not depend on the number of threads.
struct VectorConvolution {
  let geometry: ConvolutionGeometry

  private static let isSupported = pl_has_wide_vectors() != 0

  private init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  /// A minimal filtering form for stride 1 or 2; nil where none applies or pays: for few channels, small maps or
  /// few tiles the transforms cost more than they save.
  static func filtering(_ geometry: ConvolutionGeometry) -> VectorConvolution? {
    let g = geometry
    let tiles = g.batch * ((g.outHeight + 3) / 4) * ((g.outWidth + 3) / 4)
    guard isSupported, g.kernelHeight == 3, g.kernelWidth == 3, g.stride <= 2, g.dilation == 1, g.groups == 1,
      g.padding <= 2, g.paddingX <= 2, min(g.inChannels, g.outChannels) >= 8,
      min(g.outHeight, g.outWidth) >= 6, tiles >= 16
    else { return nil }
    return VectorConvolution(g)
  }

  /// The same for the gradient of the input: a convolution of the output's gradient.
  static func filteringInputGradient(_ geometry: ConvolutionGeometry) -> VectorConvolution? {
    guard geometry.stride == 1, filtering(geometry) != nil else { return nil }
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
  private var weightCount: Int {
    let (first, second) = (geometry.inChannels, geometry.outChannels)
    return geometry.stride == 1
      ? pl_winograd_weight_count(first, second) : pl_winograd_stride_weight_count(first, second)
  }

  /// - Parameter reverse: `weight` is that of the convolution whose input gradient this is; for stride 1.
  func transform(_ weight: Tensor, reverse: Bool = false) -> Tensor {
    let result = Tensor(uninitialized: [weightCount], on: weight.device)
    let (first, second) = (geometry.inChannels, geometry.outChannels)
    if geometry.stride == 2 {
      pl_winograd_stride_weight(first, second, weight.cpu, result.cpu)
    } else if reverse {
      pl_winograd_weight(second, first, weight.cpu, 1, result.cpu)
    } else {
      pl_winograd_weight(first, second, weight.cpu, 0, result.cpu)
    }
    return result
  }

  func callAsFunction(
    _ input: Tensor, transformed: Tensor, bias: Tensor? = nil, activation: Activation = .identity,
    to output: Tensor
  ) {
    var shape = geometry.kernelShape(inStride: input.rowStride, outStride: output.rowStride)
    let isStrided = geometry.stride == 2
    let count = isStrided ? pl_winograd_stride_scratch(&shape) : pl_winograd_scratch(&shape)
    let scratch = Tensor(uninitialized: [count], on: output.device)
    let run = isStrided ? pl_winograd_stride : pl_winograd
    run(&shape, input.cpu, transformed.cpu, bias?.cpu, activation.kernel, output.cpu, scratch.cpu)
  }

  func weightGradient(input: Tensor, gradient: Tensor, to weightGradient: Tensor) {
    var shape = geometry.kernelShape(inStride: input.rowStride, outStride: gradient.rowStride)
    let device = weightGradient.device
    if geometry.stride == 1, Self.filtering(geometry) != nil {
      let scratch = Tensor(uninitialized: [pl_winograd_gradient_scratch(&shape)], on: device)
      pl_winograd_gradient(&shape, input.cpu, gradient.cpu, weightGradient.cpu, scratch.cpu)
    } else {
      let scratch = Tensor(uninitialized: [pl_weight_gradient_scratch(&shape)], on: device)
      pl_weight_gradient(&shape, input.cpu, gradient.cpu, weightGradient.cpu, scratch.cpu)
    }
  }
}
