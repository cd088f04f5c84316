public import Layers
public import Tensor

/// Layers wired to a graph: what a recipe becomes.
///
/// Nodes run in their order; a map is kept only until the last node that takes it has run.
public final class FeatureGraph: FeatureExtractor {
  /// A map of the graph.
  public enum Map: Hashable, Sendable {
    case input(Int)
    /// Which map of a node; layers give one, parts several.
    case output(node: Int, map: Int)
  }

  public let inputs: [FeatureShape]
  public let nodes: [FeatureNode]
  public let results: [Map]
  /// For each node the maps that nothing after it takes.
  private let lastUses: [[Map]]
  /// For each node the joining node that its map lies in, and as which part.
  private let places: [Place?]

  private struct Place {
    var node: Int
    var part: Int
  }

  public init(inputs: [FeatureShape], nodes: [FeatureNode], results: [Map]) {
    self.inputs = inputs
    self.nodes = nodes
    self.results = results
    var lastUse: [Map: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for map in node.inputs { lastUse[map] = index }
      for map in node.outputs.indices { lastUse[.output(node: index, map: map)] = index }
    }
    var uses = [[Map]](repeating: [], count: nodes.count)
    for (map, index) in lastUse where !results.contains(map) { uses[index].append(map) }
    lastUses = uses
    places = Self.places(nodes)
  }

  /// A map lies in the first join that takes it.
  private static func places(_ nodes: [FeatureNode]) -> [Place?] {
    var places = [Place?](repeating: nil, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      guard case .layer(is any JoiningLayer) = node.unit else { continue }
      for (part, map) in node.inputs.enumerated() {
        guard case .output(let producer, _) = map, case .layer(is any PlacingLayer) = nodes[producer].unit,
          places[producer] == nil
        else { continue }
        places[producer] = Place(node: index, part: part)
      }
    }
    return places
  }

  public var outputs: [FeatureShape] { results.map { shape(of: $0) } }

  public func shape(of map: Map) -> FeatureShape {
    switch map {
    case .input(let index): inputs[index]
    case .output(let node, let index): nodes[node].outputs[index]
    }
  }

  /// Under the numbers of the nodes.
  public var members: [LayerMember] {
    nodes.enumerated().map { .layer(String($0.offset), $0.element.owner) }
  }

  public func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> [Tensor] {
    self(features, pass) { _, _ in }
  }

  /// - Parameter observe: gets the maps of each node as they are made.
  public func callAsFunction(
    _ features: [Tensor], _ pass: ForwardPass, observing observe: (_ node: Int, _ maps: [Tensor]) -> Void
  ) -> [Tensor] {
    precondition(features.count == inputs.count, "\(inputs.count) maps expected, got \(features.count)")
    var maps: [Map: Tensor] = [:]
    for (index, feature) in features.enumerated() { maps[.input(index)] = feature }
    var joins: [Int: ChannelJoin] = [:]
    func join(of node: Int) -> ChannelJoin {
      if let join = joins[node] { return join }
      let join = ChannelJoin(widths: nodes[node].inputs.map { shape(of: $0).channels })
      joins[node] = join
      return join
    }
    for (index, node) in nodes.enumerated() {
      let place = places[index].map { join(of: $0.node).place($0.part) }
      let made = node.run(node.inputs.compactMap { maps[$0] }, pass, at: place, in: joins[index])
      joins[index] = nil
      observe(index, made)
      for (map, tensor) in made.enumerated() { maps[.output(node: index, map: map)] = tensor }
      for map in lastUses[index] { maps[map] = nil }
    }
    return results.compactMap { maps[$0] }
  }
}
