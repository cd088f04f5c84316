internal import Config
public import Layers
public import PoseCore
public import Tensor

/// Two ghost convolutions, between them a depthwise one where the map shrinks, added to the input.
///
/// Source: Han et al., GhostNet, arXiv:1911.11907, section 3.2.
///
/// `[batch, height, width, in]` to `[batch, height / stride, width / stride, out]`; checkpoint names `conv.0`,
/// `conv.1` (with a stride), `conv.2`, `shortcut.0`, `shortcut.1`.
public final class GhostBottleneck: UnaryLayer {
  public let entry: GhostConvolution
  public let shrinking: ConvolutionBlock?
  public let exit: GhostConvolution
  /// Brings the input to the output's shape where the map shrinks.
  public let projection: [ConvolutionBlock]

  /// - Parameter kernel: of the depthwise convolutions, which are there with a stride of 2 alone.
  /// - Precondition: `outChannels` is a multiple of 4; with a stride of 1 it is `inChannels`.
  public init(inChannels: Int, outChannels: Int, kernel: Int = 3, stride: Int = 1) {
    precondition(
      stride > 1 || inChannels == outChannels, "GhostBottleneck: \(inChannels) to \(outChannels) channels")
    let half = outChannels / 2
    func depthwise(_ channels: Int) -> ConvolutionBlock {
      ConvolutionBlock(
        inChannels: channels, outChannels: channels, kernel: kernel, stride: stride, groups: channels,
        activation: .identity)
    }
    entry = GhostConvolution(inChannels: inChannels, outChannels: half)
    shrinking = stride > 1 ? depthwise(half) : nil
    exit = GhostConvolution(inChannels: half, outChannels: outChannels, activation: .identity)
    projection =
      stride > 1
      ? [
        depthwise(inChannels),
        ConvolutionBlock(inChannels: inChannels, outChannels: outChannels, activation: .identity),
      ] : []
  }

  public var members: [LayerMember] {
    [.layer("conv.0", entry)] + (shrinking.map { [.layer("conv.1", $0)] } ?? []) + [.layer("conv.2", exit)]
      + LayerMember.list("shortcut", projection)
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    var map = entry(input, pass)
    if let shrinking { map = shrinking(map, pass) }
    return exit(map, pass) + projection.reduce(input) { $1($0, pass) }
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "GhostBottleneck", summary: "Two ghost convolutions added to the input.", reference: "arXiv:1911.11907",
    parameters: [
      .channels, .kernel(3),
      .init("stride", .int(1...2), default: 1, help: "2 halves the map", aliases: ["s"]),
    ]
  ) { arguments, context in
    let input = try context.singleInput(of: arguments)
    let channels = try context.outputChannels(of: arguments)
    let (kernel, stride) = (try arguments.int("kernel"), try arguments.int("stride"))
    _ = try context.checkedPadding(nil, kernel: kernel, stride: stride, dilation: 1, of: arguments)
    guard stride > 1 || channels == input.channels else {
      throw arguments.error(
        "\(arguments.owner) adds its input, so it must keep the \(input.channels) channels or shrink the map, "
          + "but would give \(channels)", at: "channels")
    }
    let layer = GhostBottleneck(
      inChannels: input.channels, outChannels: channels, kernel: kernel, stride: stride)
    return BuiltLayer(layer, output: FeatureShape(channels: channels, stride: input.stride * stride))
  }
}
