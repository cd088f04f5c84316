internal import Layers
public import PoseCore

/// The layer `C3k2` of YOLO11: a `C2f` whose inner blocks are bottlenecks, small `C3` blocks, or bottlenecks followed
/// by attention.
///
/// Source: YOLO11 (no paper; structure as its published models have it).
public enum C3k2 {
  public static let component = Component<LayerContext, BuiltLayer>(
    "C3k2", summary: "C2f of bottlenecks or small C3 blocks (YOLO11).", reference: "YOLO11",
    parameters: [
      .channels,
      .init(
        "c3k", .bool, default: false,
        help: "inner blocks are C3 blocks; always at the scales m, l and x"),
      .expansion(0.5),
      .init("attention", .bool, default: false, help: "inner blocks end in attention", aliases: ["attn"]),
      .groups, .shortcut(true),
    ]
  ) { arguments, context in
    let isLarge = ["m", "l", "x"].contains(context.scale.name)
    let (c3k, attention) = (try arguments.bool("c3k") || isLarge, try arguments.bool("attention"))
    let shortcut = try arguments.bool("shortcut")
    return try C2f.build(arguments, context) { hidden, groups in
      let inner = try context.hiddenChannels(hidden, expansion: 0.5, of: arguments)
      try context.check(groups: groups, divide: inner, of: arguments)
      if attention {
        return Sequential([
          Bottleneck(
            inChannels: hidden, outChannels: hidden, hidden: inner, groups: groups, shortcut: shortcut),
          try PSABlock(channels: hidden, of: arguments),
        ])
      }
      if c3k {
        let blocks = (0..<2).map { _ in
          Bottleneck(
            inChannels: inner, outChannels: inner, hidden: inner, groups: groups, shortcut: shortcut)
        }
        return C3(inChannels: hidden, outChannels: hidden, hidden: inner, blocks: blocks)
      }
      return Bottleneck(
        inChannels: hidden, outChannels: hidden, hidden: inner, groups: groups, shortcut: shortcut)
    }
  }
}
