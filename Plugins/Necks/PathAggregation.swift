internal import Config
public import PoseCore

/// Path aggregation: from the coarsest level down to the finest, then up again, joining maps of one size on the way.
///
/// Source: Liu et al., PANet, arXiv:1803.01534; in this form Wang et al., YOLOv4, arXiv:2004.10934, with the blocks of
/// YOLO11.
public enum PathAggregation {
  public static let component = Component<FeatureContext, any FeatureExtractor>(
    "pafpn", summary: "Path aggregation down and up three levels (YOLO11).",
    reference: "arXiv:1803.01534, arXiv:2004.10934",
    parameters: [
      .init(
        "channels", .intList(count: 3...3, each: 1...LayerContext.maximumChannels),
        default: [256, 512, 1024], help: "of the three levels it gives, before the model's scale"),
      .init(
        "repeats", .int(1...RecipeEntry.maximumRepeats), default: 2,
        help: "inner blocks of each C3k2, before the model's scale"),
    ]
  ) { arguments, context in
    guard context.inputs.count == 3 else {
      throw Diagnostic(
        .error, "\(arguments.owner) takes 3 levels, but gets \(context.inputs.count)", at: arguments.location)
    }
    let channels = try arguments.intList("channels").map { Node(.int($0)) }
    let repeats = Node(.int(try arguments.int("repeats")))
    // From the finest to the coarsest input: recipes name levels by stride, here they are named by place.
    let levels = context.inputs.map { Node(.string("P\($0.stride.trailingZeroBitCount)")) }
    func line(_ from: Node.Value, _ repeats: Node, _ layer: String, _ arguments: [Node]) -> Node {
      Node(.sequence([Node(from), repeats, Node(.string(layer)), Node(.sequence(arguments))]))
    }
    func join(_ map: Node) -> Node { line(.sequence([Node(-1), map]), Node(1), "Concat", []) }
    func block(_ level: Int, c3k: Bool) -> Node {
      line(-1, repeats, "C3k2", [channels[level], Node(.bool(c3k))])
    }
    func down(_ level: Int) -> Node { line(-1, Node(1), "Conv", [channels[level], Node(3), Node(2)]) }
    func up(_ from: Node.Value) -> Node { line(from, Node(1), "Upsample", []) }
    let recipe: [Node] = [
      up(levels[2].value), join(levels[1]), block(1, c3k: false),
      up(-1), join(levels[0]), block(0, c3k: false),
      down(0), join(Node(2)), block(1, c3k: false),
      down(1), join(levels[2]), block(2, c3k: true),
    ]
    return try FeatureGraph(recipe: .sequence(recipe), results: [5, 8, 11], context: context)
  }
}
