import Config
import Layers

/// Turns recipes and named parts into the nodes of a graph, inferring shapes on the way.
///
/// Nothing is allocated. A fault is noted and what depends on the faulty node is left out, so that one pass finds
/// all faults that are independent of each other.
struct FeatureGraphBuilder {
  typealias Map = FeatureGraph.Map

  let inputs: [FeatureShape]
  let scale: ModelScale
  let layers: ComponentTable<LayerContext, BuiltLayer>
  let symbols: [String: Node.Value]
  /// Names of heads, which no line but the last may hold.
  var headNames: Set<String> = []
  private(set) var nodes: [FeatureNode] = []
  /// Whether a node could be built; others stand for it in the numbering alone.
  private var isBuilt: [Bool] = []
  var faults = DiagnosticList()

  init(
    inputs: [FeatureShape], scale: ModelScale, layers: ComponentTable<LayerContext, BuiltLayer>,
    symbols: [String: Node.Value] = [:]
  ) {
    self.inputs = inputs
    self.scale = scale
    self.layers = layers
    self.symbols = symbols
  }

  func shape(of map: Map) -> FeatureShape {
    switch map {
    case .input(let index): inputs[index]
    case .output(let node, let index): nodes[node].outputs[index]
    }
  }

  func graph(results: [Map]) -> FeatureGraph {
    FeatureGraph(inputs: inputs, nodes: nodes, results: results)
  }

  /// Runs `body` and notes what it throws.
  mutating func attempt<Value>(_ body: (FeatureGraphBuilder) throws -> Value) -> Value? {
    do {
      return try body(self)
    } catch let diagnostic as Diagnostic {
      faults.append(diagnostic)
    } catch let list as DiagnosticList {
      faults.append(contentsOf: list)
    } catch {
      faults.append(Diagnostic(.error, "\(error)"))
    }
    return nil
  }

  // MARK: Recipes

  /// Adds the lines of a recipe.
  ///
  /// - Parameter levels: the maps that `P3` and its like mean here; nil where the part before is faulty.
  mutating func add(_ entries: [RecipeEntry], levels: [Map]?) {
    for entry in entries { add(entry, levels: levels) }
  }

  private mutating func add(_ entry: RecipeEntry, levels: [Map]?) {
    let sources = entry.sources.map { resolve($0, of: entry.name, levels: levels, at: entry.location) }
    let repeats = scale.repeats(entry.repeats)
    let inputs = sources.compactMap { $0 }
    var node: FeatureNode?
    if inputs.count == sources.count {
      node = attempt { try $0.build(entry, inputs, repeats: repeats) }
    } else {
      // The shapes are unknown, the name and arguments can be checked all the same.
      _ = attempt { try $0.checkedArguments(entry) }
    }
    append(node)
  }

  private mutating func append(_ node: FeatureNode?) {
    isBuilt.append(node != nil)
    nodes.append(
      node
        ?? FeatureNode(
          unit: .layer(Sequential([])), inputs: [], outputs: [], name: "", from: "", repeats: 1,
          arguments: Node(.null)))
  }

  private func checkedArguments(
    _ entry: RecipeEntry
  ) throws -> (component: Component<LayerContext, BuiltLayer>, arguments: Arguments) {
    if headNames.contains(entry.name), layers.find(entry.name) == nil {
      throw Diagnostic(
        .error, "the head '\(entry.name)' must be the last line of the model", at: entry.nameLocation)
    }
    let component = try layers.find(entry.name, at: entry.nameLocation)
    return (component, try component.arguments(entry.arguments, symbols: symbols, at: entry.nameLocation))
  }

  private func build(_ entry: RecipeEntry, _ maps: [Map], repeats: Int) throws -> FeatureNode {
    let (component, arguments) = try checkedArguments(entry)
    guard repeats <= RecipeEntry.maximumRepeats else {
      throw Diagnostic(
        .error,
        "\(arguments.owner) would be repeated \(repeats) times at this depth; the limit is "
          + "\(RecipeEntry.maximumRepeats)", at: entry.location)
    }
    let from = entry.sources.map(\.description)
    let context = LayerContext(inputs: maps.map { shape(of: $0) }, repeats: repeats, scale: scale)
    do {
      var built = try component.make(arguments, context)
      if !built.usesRepeats, repeats > 1 { built = try chain(built, component, arguments, context) }
      try check(built, arguments)
      return FeatureNode(
        unit: .layer(built.layer), inputs: maps, outputs: [built.output], name: component.name,
        from: from.count == 1 ? from[0] : "[\(from.joined(separator: ", "))]", repeats: repeats,
        arguments: arguments.resolved)
    } catch let diagnostic as Diagnostic {
      var placed = diagnostic
      placed.message += " (node \(nodes.count), from \(from.joined(separator: " and ")))"
      throw placed
    }
  }

  /// Numbers that no honest model comes near, and that would not fit into memory or arithmetic.
  private func check(_ built: BuiltLayer, _ arguments: Arguments) throws(Diagnostic) {
    let (channels, stride) = (built.output.channels, built.output.stride)
    let count = built.layer.parameterCount
    let fault: String? =
      if channels > LayerContext.maximumChannels {
        "\(channels) channels; the limit is \(LayerContext.maximumChannels)"
      } else if stride > FeatureShape.maximumStride {
        "a stride of \(stride); the limit is \(FeatureShape.maximumStride)"
      } else if count > PoseModel.maximumParameterCount {
        "\(count) parameters; the limit is \(PoseModel.maximumParameterCount)"
      } else {
        nil
      }
    guard let fault else { return }
    throw Diagnostic(.error, "\(arguments.owner) would have \(fault)", at: arguments.location)
  }

  /// Repeats a layer that knows nothing of repeats.
  private func chain(
    _ first: BuiltLayer, _ component: Component<LayerContext, BuiltLayer>, _ arguments: Arguments,
    _ context: LayerContext
  ) throws -> BuiltLayer {
    var chain = [first]
    for _ in 1..<context.repeats {
      let next = LayerContext(inputs: [chain[chain.count - 1].output], repeats: context.repeats, scale: scale)
      let built = try component.make(arguments, next)
      try check(built, arguments)
      chain.append(built)
    }
    let layers = chain.compactMap { $0.layer as? any UnaryLayer }
    guard layers.count == chain.count else {
      throw Diagnostic(
        .error, "\(arguments.owner) joins several maps and cannot be repeated", at: arguments.location)
    }
    return BuiltLayer(Sequential(layers), output: chain[chain.count - 1].output)
  }

  // MARK: Parts

  /// Adds a backbone or neck.
  ///
  /// - Parameter maps: what it takes.
  /// - Returns: what it gives; nil where it could not be built.
  mutating func add(
    _ part: NamedPart, from table: ComponentTable<FeatureContext, any FeatureExtractor>, taking maps: [Map]?
  ) -> [Map]? {
    let checked = attempt { try table.resolve(part.component, symbols: $0.symbols) }
    guard let (component, arguments) = checked, let maps else { return nil }
    let context = FeatureContext(inputs: maps.map { shape(of: $0) }, scale: scale, layers: layers)
    let built = attempt { _ in try component.make(arguments, context) }
    guard let built else { return nil }
    if let graph = built as? FeatureGraph { return splice(graph, maps) }
    let index = nodes.count
    append(
      FeatureNode(
        unit: .part(built), inputs: maps, outputs: built.outputs, name: component.name,
        from: description(of: maps), repeats: 1, arguments: arguments.resolved))
    return built.outputs.indices.map { .output(node: index, map: $0) }
  }

  /// Adds the nodes of a part that is a recipe itself, so that numbers and checkpoint names are those of a recipe.
  private mutating func splice(_ graph: FeatureGraph, _ maps: [Map]) -> [Map] {
    let base = nodes.count
    func moved(_ map: Map) -> Map {
      switch map {
      case .input(let index): maps[index]
      case .output(let node, let index): .output(node: base + node, map: index)
      }
    }
    for node in graph.nodes {
      var node = node
      node.inputs = node.inputs.map(moved)
      if node.from.contains("P") { node.from = description(of: node.inputs) }
      append(node)
    }
    return graph.results.map(moved)
  }

  func description(of maps: [Map]) -> String {
    let texts = maps.map { map in
      switch map {
      case .input: "-1"
      case .output(let node, _): String(node)
      }
    }
    return texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
  }

  // MARK: Sources

  /// The last map of each stride from 8 on among the nodes from `start`: what a recipe gives to the part after it.
  ///
  /// Nil where a node could not be built.
  func levels(from start: Int) -> [Map]? {
    guard isBuilt.dropFirst(start).allSatisfy({ $0 }) else { return nil }
    var last: [Int: Map] = [:]
    for index in nodes.indices.dropFirst(start) {
      for (map, shape) in nodes[index].outputs.enumerated() where shape.stride >= 8 {
        last[shape.stride] = .output(node: index, map: map)
      }
    }
    return last.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Finds the map that a source means; nil where there is none, which is a fault, or where it is unknown.
  mutating func resolve(
    _ source: MapSource, of taker: String, levels: [Map]?, at location: SourceLocation?
  ) -> Map? {
    func fail(_ message: String) -> Map? {
      faults.append(
        Diagnostic(.error, "'\(taker)' takes from \(message)", at: source.location ?? location))
      return nil
    }
    switch source.reference {
    case .level(let level):
      guard let levels else { return nil }
      if let map = levels.first(where: { shape(of: $0).stride == 1 << level }) { return map }
      let known = levels.map { levelName(shape(of: $0).stride) }.joined(separator: ", ")
      return fail("P\(level), but the part before gives \(known.isEmpty ? "no levels" : known)")
    case .node(let number):
      let index = number < 0 ? nodes.count + number : number
      if index == -1, nodes.isEmpty, inputs.count == 1 { return .input(0) }
      guard nodes.indices.contains(index) else {
        return fail(
          nodes.isEmpty
            ? "\(number), but no node comes before it; the first one takes from -1, the image"
            : nodes.count == 1
              ? "\(number), but only node 0 comes before it"
              : "\(number), but only nodes 0 to \(nodes.count - 1) come before it")
      }
      guard isBuilt[index] else { return nil }
      guard nodes[index].outputs.count == 1 else {
        let names = nodes[index].outputs.map { levelName($0.stride) }.joined(separator: ", ")
        return fail("node \(index), which gives several maps; name one of them by its level: \(names)")
      }
      return .output(node: index, map: 0)
    }
  }

  private func levelName(_ stride: Int) -> String {
    stride > 0 && stride & (stride - 1) == 0 ? "P\(stride.trailingZeroBitCount)" : "stride \(stride)"
  }
}
