public import Layers
public import PoseCore
public import Tensor

/// Cross-stage block of one convolution's two halves: one runs through a chain of bottlenecks, one stays; both are
/// joined and mixed.
///
/// Source: Wang et al., CSPNet, arXiv:1911.11929; used by YOLOv8's models with a level of stride 64.
///
/// `[batch, height, width, in]` to `[batch, height, width, out]`; checkpoint names `cv1`, `cv2`, `m.0`, `m.1`, …
public final class C2: PlacingLayer {
  public let entry: ConvolutionBlock
  public let mix: ConvolutionBlock
  public let blocks: [any UnaryLayer]
  private let hidden: Int

  /// - Parameters:
  ///   - hidden: channels of each half and of every inner block.
  ///   - blocks: each from `hidden` to `hidden` channels.
  public init(inChannels: Int, outChannels: Int, hidden: Int, blocks: [any UnaryLayer]) {
    self.hidden = hidden
    self.blocks = blocks
    entry = ConvolutionBlock(inChannels: inChannels, outChannels: 2 * hidden)
    mix = ConvolutionBlock(inChannels: 2 * hidden, outChannels: outChannels)
  }

  public var members: [LayerMember] {
    [.layer("cv1", entry), .layer("cv2", mix)] + LayerMember.list("m", blocks)
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass, at place: OutputPlace?) -> Tensor {
    let halves = entry(input, pass)
    let deep = blocks.reduce(halves.slice(channels: 0..<hidden)) { $1([$0], pass) }
    return mix(Tensor.concatenated([deep, halves.slice(channels: hidden..<(2 * hidden))]), pass, at: place)
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "C2", summary: "Cross-stage block whose second half stays as it is.", reference: "arXiv:1911.11929",
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
        inChannels: hidden, outChannels: hidden, hidden: hidden, groups: groups, shortcut: shortcut)
    }
    let layer = C2(inChannels: input.channels, outChannels: channels, hidden: hidden, blocks: blocks)
    return BuiltLayer(
      layer, output: FeatureShape(channels: channels, stride: input.stride), usesRepeats: true)
  }
}
