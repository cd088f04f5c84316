internal import Config
public import PoseCore

/// Path aggregation: from the coarsest level down to the finest, then up again, joining maps of one size on the way.
///
/// Source: Liu et al., PANet, arXiv:1803.01534; in this form Wang et al., YOLOv4, arXiv:2004.10934, with the blocks of
/// YOLO11.
public enum PathAggregation {
  public static let component = Component<FeatureContext, any FeatureExtractor>(
    "pafpn", summary: "Path aggregation down and up the levels (YOLO11).",
    reference: "arXiv:1803.01534, arXiv:2004.10934",
    parameters: [
      .init(
        "channels", .intList(count: 1...8, each: 1...LayerContext.maximumChannels), default: .null,
        help: "of the levels it gives, before the model's scale; by default 256, 512, 1024, 1024 …"),
      .init(
        "repeats", .int(1...RecipeEntry.maximumRepeats), default: 2,
        help: "inner blocks of each C3k2, before the model's scale"),
    ]
  ) { arguments, context in
    try context.checkLevels(of: arguments)
    let count = context.inputs.count
    let channels =
      try arguments.optionalIntList("channels") ?? (0..<count).map { min(256 << min($0, 2), 1024) }
    guard channels.count == count else {
      throw arguments.error(
        "\(arguments.owner) gets \(count) levels, but channels for \(channels.count)", at: "channels")
    }
    let lines = RecipeLines(
      levels: context.inputs, channels: channels, repeats: try arguments.int("repeats"))
    let (recipe, results) = lines.recipe()
    return try FeatureGraph(recipe: .sequence(recipe), results: results, context: context)
  }

  /// The recipe for any number of levels. Recipes name levels by stride, here they are named by place.
  private struct RecipeLines {
    let levels: [FeatureShape]
    let channels: [Int]
    let repeats: Int

    func recipe() -> (lines: [Node], results: [Int]) {
      let last = levels.count - 1
      var lines: [Node] = []
      /// The line that gives each level on the way down; the coarsest comes from the part before.
      var down: [Node] = levels.indices.map { name(of: $0) }
      guard last > 0 else { return ([block(name(of: 0), 0)], [0]) }
      for level in (0..<last).reversed() {
        lines += [
          line(
            level == last - 1 ? down[last] : Node(-1), "Upsample", [Node(.null), Node(.int(factor(level)))]),
          join(name(of: level)), block(Node(-1), level),
        ]
        down[level] = Node(.int(lines.count - 1))
      }
      var results = [lines.count - 1]
      for level in 1...last {
        let step = [Node(.int(channels[level - 1])), Node(3), Node(.int(factor(level - 1)))]
        lines += [line(Node(-1), "Conv", step), join(down[level]), block(Node(-1), level)]
        results.append(lines.count - 1)
      }
      return (lines, results)
    }

    private func name(of level: Int) -> Node {
      Node(.string("P\(levels[level].stride.trailingZeroBitCount)"))
    }

    /// How much larger a level is than the next.
    private func factor(_ level: Int) -> Int { levels[level + 1].stride / levels[level].stride }

    private func line(_ from: Node, _ layer: String, _ arguments: [Node], repeats: Int = 1) -> Node {
      Node(.sequence([from, Node(.int(repeats)), Node(.string(layer)), Node(.sequence(arguments))]))
    }

    private func join(_ map: Node) -> Node { line(Node(.sequence([Node(-1), map])), "Concat", []) }

    /// The coarsest level's blocks are deeper.
    private func block(_ from: Node, _ level: Int) -> Node {
      let isDeep = level > 1 && level == levels.count - 1
      return line(from, "C3k2", [Node(.int(channels[level])), Node(.bool(isDeep))], repeats: repeats)
    }
  }
}
