/// What a backward function writes its inputs' gradients to.
public struct GradientWriter {
  let nodes: [GraphNode?]
  /// Whether the function may overwrite the gradient it was given.
  public let gradientIsOwned: Bool

  /// Whether input `index` wants a gradient; work for others is wasted.
  public func wants(_ index: Int) -> Bool { nodes[index] != nil }

  /// Adds to the gradient of input `index` what `write` puts into the (uninitialised) tensor it is given.
  public func add(to index: Int, _ write: (Tensor) -> Void) { nodes[index]?.add(write) }

  /// Adds `gradient` itself, without a copy where possible. `shared` if anyone else holds it.
  public func add(to index: Int, existing gradient: Tensor, shared: Bool) {
    nodes[index]?.add(existing: gradient, shared: shared)
  }
}
