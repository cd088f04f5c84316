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
    for (index, node) in nodes.enumerated() {
      let made = node.run(node.inputs.compactMap { maps[$0] }, pass)
      observe(index, made)
      for (map, tensor) in made.enumerated() { maps[.output(node: index, map: map)] = tensor }
      for map in lastUses[index] { maps[map] = nil }
    }
    return results.compactMap { maps[$0] }
  }
}
