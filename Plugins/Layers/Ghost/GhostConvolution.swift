public import Layers
public import PoseCore
public import Tensor

/// Half of the maps by a convolution, the other half from those by a cheap depthwise one.
///
/// Source: Han et al., GhostNet, arXiv:1911.11907, section 3.1.
///
/// `[batch, height, width, in]` to `[batch, height / stride, width / stride, out]`; checkpoint names `cv1`, `cv2`.
public final class GhostConvolution: UnaryLayer {
  public let primary: ConvolutionBlock
  public let cheap: ConvolutionBlock

  /// - Precondition: `outChannels` is even.
  public init(
    inChannels: Int, outChannels: Int, kernel: Int = 1, stride: Int = 1, groups: Int = 1,
    activation: Activation = .silu
  ) {
    precondition(outChannels % 2 == 0, "GhostConvolution: \(outChannels) channels")
    let half = outChannels / 2
    primary = ConvolutionBlock(
      inChannels: inChannels, outChannels: half, kernel: kernel, stride: stride, groups: groups,
      activation: activation)
    cheap = ConvolutionBlock(
      inChannels: half, outChannels: half, kernel: 5, groups: half, activation: activation)
  }

  public var members: [LayerMember] { [.layer("cv1", primary), .layer("cv2", cheap)] }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let join = ChannelJoin(widths: [primary.outChannels, cheap.outChannels])
    let half = primary(input, pass, at: join.place(0))
    return Tensor.concatenated([half, cheap(half, pass, at: join.place(1))], in: join)
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "GhostConv", summary: "Half of the maps by a convolution, half from those by a depthwise one.",
    reference: "arXiv:1911.11907", parameters: [.channels, .kernel(1), .stride, .groups, .activation]
  ) { arguments, context in
    let input = try context.singleInput(of: arguments)
    let channels = try context.outputChannels(of: arguments)
    let (kernel, stride) = (try arguments.int("kernel"), try arguments.int("stride"))
    let groups = try arguments.int("groups")
    try context.check(groups: groups, divide: input.channels, channels / 2, of: arguments)
    _ = try context.checkedPadding(nil, kernel: kernel, stride: stride, dilation: 1, of: arguments)
    let layer = GhostConvolution(
      inChannels: input.channels, outChannels: channels, kernel: kernel, stride: stride, groups: groups,
      activation: try arguments.bool("activation") ? .silu : .identity)
    return BuiltLayer(layer, output: FeatureShape(channels: channels, stride: input.stride * stride))
  }
}
