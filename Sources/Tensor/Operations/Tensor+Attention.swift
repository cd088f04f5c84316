extension Tensor {
  /// Multi-head self-attention over the positions of each image.
  ///
  /// Source: Vaswani et al., Attention Is All You Need, arXiv:1706.03762, section 3.2.
  ///
  /// Input `[batch, height, width, heads × (2 · keyChannels + valueChannels)]` holds query, key and value of each head
  /// in turn.
  ///
  /// - Returns: `[batch, height, width, heads × valueChannels]`.
  public func attention(heads: Int, keyChannels: Int, valueChannels: Int) -> Tensor {
    precondition(
      shape.count == 4 && channels == heads * (2 * keyChannels + valueChannels), "attention of \(shape)")
    if precision != .float32 {
      return wide.attention(heads: heads, keyChannels: keyChannels, valueChannels: valueChannels)
        .converted(to: precision)
    }
    let geometry = AttentionGeometry(
      batch: shape[0], positions: shape[1] * shape[2], heads: heads, keyChannels: keyChannels,
      valueChannels: valueChannels)
    let result = Tensor(uninitialized: shape.dropLast() + [heads * valueChannels], on: device)
    let engine = device.engine
    let input = detached
    let weights = engine.attention(geometry, input: input, to: result, keepWeights: needsGradient)
    guard let weights else { return result }
    return result.recorded(from: [self]) { gradient, inputs in
      inputs.add(to: 0) {
        engine.attentionGradient(geometry, input: input, weights: weights, gradient: gradient, to: $0)
      }
    }
  }
}
