internal import Config
internal import Layers
public import PoseCore

/// The layer `C3Ghost`: a `C3` whose inner blocks are ghost bottlenecks.
///
/// Source: Wang et al., CSPNet, arXiv:1911.11929; Han et al., GhostNet, arXiv:1911.11907.
public enum C3Ghost {
  public static let component = Component<LayerContext, BuiltLayer>(
    "C3Ghost", summary: "C3 of ghost bottlenecks.", reference: "arXiv:1911.11929, arXiv:1911.11907",
    parameters: [
      .channels,
      .init(
        "shortcut", .bool, default: true, help: "without effect: ghost bottlenecks always add their input"),
      .init("groups", .int(1...1), default: 1, help: "always 1", aliases: ["g"]), .expansion(0.5),
    ]
  ) { arguments, context in
    let input = try context.singleInput(of: arguments)
    let channels = try context.outputChannels(of: arguments)
    let hidden = try context.hiddenChannels(
      channels, expansion: try arguments.double("expansion"), of: arguments)
    guard hidden % 4 == 0 else {
      throw Diagnostic(
        .error, "\(arguments.owner): its \(hidden) inner channels are no multiple of 4",
        at: arguments.location)
    }
    let blocks = (0..<context.repeats).map { _ in GhostBottleneck(inChannels: hidden, outChannels: hidden) }
    let layer = C3(inChannels: input.channels, outChannels: channels, hidden: hidden, blocks: blocks)
    return BuiltLayer(
      layer, output: FeatureShape(channels: channels, stride: input.stride), usesRepeats: true)
  }
}
