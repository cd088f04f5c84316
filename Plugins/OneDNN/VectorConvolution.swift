internal import Kernels
internal import Tensor

/// The convolutions that our own kernels for 512-bit vectors do faster than oneDNN's: 3 × 3 in minimal filtering
/// forms, and gradients of weights.
///
/// Their results do not depend on the number of threads.
struct VectorConvolution {
  let geometry: ConvolutionGeometry
  private let precision: Precision
  /// Whether tiles of minimal filtering have 2 × 2 outputs, and products are of numbers of the map's format; else
  /// they have 4 × 4, and everything between input and output has 32 bits.
  private let hasSmallTiles: Bool

  private static let isSupported = pl_has_wide_vectors() != 0
  private static let supportsHalves = pl_has_wide_bfloat16() != 0

  private init(_ geometry: ConvolutionGeometry, _ precision: Precision, hasSmallTiles: Bool = false) {
    self.geometry = geometry
    self.precision = precision
    self.hasSmallTiles = hasSmallTiles
  }

  static func supports(_ precision: Precision) -> Bool {
    precision == .float32 ? isSupported : supportsHalves
  }

  /// A minimal filtering form for stride 1 or 2; nil where none applies or pays: for few channels, small maps or
  /// few tiles the transforms cost more than they save.
  ///
  /// Input and output have one precision. With stride 1 in bfloat16 it is faster but less exact where `isFixed`: for
  /// weights that stay as they are, as in prediction.
  static func filtering(
    _ geometry: ConvolutionGeometry, _ precision: Precision, isFixed: Bool = false
  ) -> VectorConvolution? {
    let g = geometry
    let channels = min(g.inChannels, g.outChannels)
    let tiles = g.batch * ((g.outHeight + 3) / 4) * ((g.outWidth + 3) / 4)
    guard supports(precision), g.kernelHeight == 3, g.kernelWidth == 3,
      g.stride <= 2, g.dilation == 1, g.groups == 1, g.padding <= 2, g.paddingX <= 2, channels >= 8,
      min(g.outHeight, g.outWidth) >= 6, tiles >= 16
    else { return nil }
    let hasSmallTiles = g.stride == 2 || (precision == .bfloat16 && isFixed && channels >= 32)
    return VectorConvolution(g, precision, hasSmallTiles: hasSmallTiles)
  }

  /// The same for the gradient of the input: a convolution of the output's gradient.
  static func filteringInputGradient(
    _ geometry: ConvolutionGeometry, _ precision: Precision
  ) -> VectorConvolution? {
    guard geometry.stride == 1, filtering(geometry, precision) != nil else { return nil }
    return filtering(
      ConvolutionGeometry(
        batch: geometry.batch, height: geometry.outHeight, width: geometry.outWidth,
        inChannels: geometry.outChannels, outChannels: geometry.inChannels, kernelHeight: 3, kernelWidth: 3,
        padding: 2 - geometry.padding, paddingX: 2 - geometry.paddingX), precision)
  }

  /// The gradient of any weight but those of grouped or dilated convolutions; in bfloat16 where `filtering` applies.
  static func weightGradient(
    _ geometry: ConvolutionGeometry, _ precision: Precision
  ) -> VectorConvolution? {
    if precision != .float32 { return geometry.stride == 1 ? filtering(geometry, precision) : nil }
    guard isSupported, geometry.dilation == 1, geometry.groups == 1 else {
      return nil
    }
    return VectorConvolution(geometry, precision)
  }

  /// Numbers of a transformed weight.
  private var weightCount: Int {
    let (first, second) = (geometry.inChannels, geometry.outChannels)
    return hasSmallTiles
      ? pl_winograd_two_weight_count(precision.kernel, first, second)
      : pl_winograd_weight_count(first, second)
  }

  /// - Parameter reverse: `weight` is that of the convolution whose input gradient this is; for stride 1.
  func transform(_ weight: Tensor, reverse: Bool = false) -> Tensor {
    let result = Tensor(uninitialized: [weightCount], on: weight.device)
    let (first, second) = (geometry.inChannels, geometry.outChannels)
    if hasSmallTiles {
      pl_winograd_two_weight(
        precision.kernel, Int32(geometry.stride), first, second, weight.cpu, result.cpu)
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
    let count =
      hasSmallTiles ? pl_winograd_two_scratch(precision.kernel, &shape) : pl_winograd_scratch(&shape)
    let scratch = Tensor(uninitialized: [count], on: output.device)
    let run = hasSmallTiles ? pl_winograd_two : pl_winograd
    run(
      precision.kernel, &shape, input.address, transformed.cpu, bias?.cpu, activation.kernel, output.address,
      scratch.cpu)
  }

  func weightGradient(input: Tensor, gradient: Tensor, to weightGradient: Tensor) {
    var shape = geometry.kernelShape(inStride: input.rowStride, outStride: gradient.rowStride)
    let device = weightGradient.device
    if geometry.stride == 1, Self.filtering(geometry, precision) != nil {
      let scratch = Tensor(uninitialized: [pl_winograd_gradient_scratch(&shape)], on: device)
      pl_winograd_gradient(
        precision.kernel, &shape, input.address, gradient.address, weightGradient.cpu, scratch.cpu)
    } else {
      let scratch = Tensor(uninitialized: [pl_weight_gradient_scratch(&shape)], on: device)
      pl_weight_gradient(&shape, input.cpu, gradient.cpu, weightGradient.cpu, scratch.cpu)
    }
  }
}
