public import Layers
public import PoseCore
public import Tensor

/// Cross-stage block that keeps the output of every inner block: two halves of a convolution, the second of which
/// runs through a chain of blocks; all of them are joined and mixed.
///
/// Source: Wang et al., CSPNet, arXiv:1911.11929; Wang et al., ELAN, arXiv:2211.04800; used by YOLOv8 as C2f.
///
/// `[batch, height, width, in]` to `[batch, height, width, out]`; checkpoint names `cv1`, `cv2`, `m.0`, `m.1`, …
public final class C2f: PlacingLayer {
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
    mix = ConvolutionBlock(inChannels: (2 + blocks.count) * hidden, outChannels: outChannels)
  }

  public var members: [LayerMember] {
    [.layer("cv1", entry), .layer("cv2", mix)] + LayerMember.list("m", blocks)
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass, at place: OutputPlace?) -> Tensor {
    let join = ChannelJoin(widths: [Int](repeating: hidden, count: blocks.count + 2))
    // Both halves go into the join as they lie.
    let halves = entry(input, pass, at: join.place(0..<2))
    var parts = [halves]
    var last = halves.slice(channels: hidden..<(2 * hidden))
    for (index, block) in blocks.enumerated() {
      last = block([last], pass, at: join.place(index + 2))
      parts.append(last)
    }
    return mix(Tensor.concatenated(parts, in: join), pass, at: place)
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "C2f", summary: "Cross-stage block that joins the output of every inner bottleneck.",
    reference: "arXiv:1911.11929, arXiv:2211.04800",
    parameters: [.channels, .shortcut(false), .groups, .expansion(0.5)]
  ) { arguments, context in
    let shortcut = try arguments.bool("shortcut")
    return try build(arguments, context) { hidden, groups in
      Bottleneck(
        inChannels: hidden, outChannels: hidden, hidden: hidden, groups: groups, shortcut: shortcut)
    }
  }

  /// Shared by the layers that differ in their inner blocks alone.
  static func build(
    _ arguments: Arguments, _ context: LayerContext,
    block: (_ hidden: Int, _ groups: Int) throws -> any UnaryLayer
  ) throws -> BuiltLayer {
    let input = try context.singleInput(of: arguments)
    let channels = try context.outputChannels(of: arguments)
    let hidden = try context.hiddenChannels(
      channels, expansion: try arguments.double("expansion"), of: arguments)
    let groups = try arguments.int("groups")
    try context.check(groups: groups, divide: hidden, of: arguments)
    let blocks = try (0..<context.repeats).map { _ in try block(hidden, groups) }
    let layer = C2f(
      inChannels: input.channels, outChannels: channels, hidden: hidden, blocks: blocks)
    return BuiltLayer(
      layer, output: FeatureShape(channels: channels, stride: input.stride), usesRepeats: true)
  }
}
