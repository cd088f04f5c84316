/// A tensor that a backward function will need: kept, or made again from what its own node keeps.
///
/// Making large activations again instead of keeping them: Chen et al., arXiv:1604.06174.
struct SavedTensor {
  private let kept: Tensor?
  private let node: GraphNode?

  init(_ tensor: Tensor) {
    let isRemade = tensor.node?.recompute != nil
    kept = isRemade ? nil : tensor.detached
    node = isRemade ? tensor.node : nil
  }

  /// - Precondition: called in a backward pass, which reaches the tensor's own node later.
  var tensor: Tensor {
    guard let made = kept ?? node?.recompute?() else {
      preconditionFailure("backward: take the gradients of several results of one tape in one call")
    }
    return made
  }
}
