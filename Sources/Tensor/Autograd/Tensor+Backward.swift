extension Tensor {
  /// Notes on the tape how this result's gradient becomes its inputs', if any of them needs one.
  ///
  /// `backward` runs at most once; what it captures is freed right after.
  public func recorded(
    from inputs: [Tensor], backward: @escaping (_ gradient: Tensor, _ inputs: GradientWriter) -> Void
  ) -> Tensor {
    guard inputs.contains(where: { $0.node != nil }) else { return self }
    var result = self
    result.node = GraphNode(for: self, inputs: inputs.map(\.node), backward: backward)
    return result
  }

  /// Adds the gradient of this tensor's numbers (weighted by `seed`, ones if nil) to all parameters it came from.
  ///
  /// The tape is freed as it is walked: a second call does nothing.
  public func backward(seed: Tensor? = nil) { Tensor.backward([(self, seed)]) }

  /// The same from several results at once.
  public static func backward(_ results: [(tensor: Tensor, seed: Tensor?)]) {
    var pending: [GraphNode] = []
    var seen: Set<ObjectIdentifier> = []
    for (tensor, seed) in results {
      guard let node = tensor.node else { continue }
      if seen.insert(ObjectIdentifier(node)).inserted { pending.append(node) }
      let start = seed ?? Tensor(repeating: 1, shape: tensor.shape, on: tensor.device)
      precondition(start.shape == tensor.shape, "backward: seed \(start.shape) for \(tensor.shape)")
      node.add(existing: start, shared: seed != nil)
    }
    var reachable: [GraphNode] = []
    while let node = pending.popLast() {
      reachable.append(node)
      for next in node.inputs + [node.slice?.parent] {
        if let next, seen.insert(ObjectIdentifier(next)).inserted { pending.append(next) }
      }
    }
    // Inputs are always recorded before what is made of them. Popped from the end, so that memory goes early.
    reachable.sort { $0.sequence < $1.sequence }
    while let node = reachable.popLast() { node.propagate() }
  }
}
