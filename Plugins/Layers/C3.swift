public import Layers
public import PoseCore
public import Tensor

/// Cross-stage block with two ways: one through a chain of bottlenecks, one straight; both are joined and mixed.
///
/// Source: Wang et al., CSPNet, arXiv:1911.11929; used by YOLOv5 as C3.
///
/// `[batch, height, width, in]` to `[batch, height, width, out]`; checkpoint names `cv1`, `cv2`, `cv3`, `m.0`, …
public final class C3: PlacingLayer {
  public let entry: ConvolutionBlock
  public let straight: ConvolutionBlock
  public let mix: ConvolutionBlock
  public let blocks: [any UnaryLayer]

  /// - Parameter blocks: each from `hidden` to `hidden` channels.
  public init(inChannels: Int, outChannels: Int, hidden: Int, blocks: [any UnaryLayer]) {
    entry = ConvolutionBlock(inChannels: inChannels, outChannels: hidden)
    straight = ConvolutionBlock(inChannels: inChannels, outChannels: hidden)
    mix = ConvolutionBlock(inChannels: 2 * hidden, outChannels: outChannels)
    self.blocks = blocks
  }

  public var members: [LayerMember] {
    [.layer("cv1", entry), .layer("cv2", straight), .layer("cv3", mix)] + LayerMember.list("m", blocks)
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass, at place: OutputPlace?) -> Tensor {
    let hidden = entry.outChannels
    let join = ChannelJoin(widths: [hidden, hidden])
    let deep = Sequential(blocks)(entry(input, pass), pass, at: join.place(0))
    let parts = [deep, straight(input, pass, at: join.place(1))]
    return mix(Tensor.concatenated(parts, in: join), pass, at: place)
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "C3", summary: "Cross-stage block of bottlenecks with a straight second way.",
    reference: "arXiv:1911.11929",
    parameters: [.channels, .shortcut(true), .groups, .expansion(0.5)]
  ) { arguments, context in
    let input = try context.singleInput(of: arguments)
    let channels = try context.outputChannels(of: arguments)
    let hidden = try context.hiddenChannels(
      channels, expansion: try arguments.double("expansion"), of: arguments)
    let (groups, shortcut) = (try arguments.int("groups"), try arguments.bool("shortcut"))
    try context.check(groups: groups, divide: hidden, of: arguments)
    let blocks = (0..<context.repeats).map { _ in
      Bottleneck(
        inChannels: hidden, outChannels: hidden, hidden: hidden, kernels: (1, 3), groups: groups,
        shortcut: shortcut)
    }
    let layer = C3(inChannels: input.channels, outChannels: channels, hidden: hidden, blocks: blocks)
    return BuiltLayer(
      layer, output: FeatureShape(channels: channels, stride: input.stride), usesRepeats: true)
  }
}
