extension Tensor {
  /// Matrix product over the last two axes; leading axes must agree, or the right side has none and serves them all.
  ///
  /// - Precondition: `[…, m, k] · […, k, n]` (after the requested transpositions).
  public func matrixProduct(
    _ right: Tensor, transposeLeft: Bool = false, transposeRight: Bool = false, scale: Float = 1
  ) -> Tensor {
    let (a, b) = (self.wide.dense(), right.wide.dense())
    precondition(a.shape.count >= 2 && b.shape.count >= 2, "matrixProduct: \(shape) · \(right.shape)")
    let (ra, rb) = (a.shape.count, b.shape.count)
    let rows = a.shape[transposeLeft ? ra - 1 : ra - 2]
    let inner = a.shape[transposeLeft ? ra - 2 : ra - 1]
    let columns = b.shape[transposeRight ? rb - 2 : rb - 1]
    precondition(
      b.shape[transposeRight ? rb - 1 : rb - 2] == inner, "matrixProduct: \(shape) · \(right.shape)")
    let lead = Array(a.shape.dropLast(2))
    let isShared = rb == 2 && !lead.isEmpty
    precondition(isShared || Array(b.shape.dropLast(2)) == lead, "matrixProduct: \(shape) · \(right.shape)")
    let product = MatrixProduct(
      batch: lead.reduce(1, *), rows: rows, columns: columns, inner: inner, transposeA: transposeLeft,
      transposeB: transposeRight, alpha: scale, strideB: isShared ? 0 : nil)
    let result = Tensor(uninitialized: lead + [rows, columns], on: device)
    device.engine.matrixProduct(product, a.detached, b.detached, to: result)
    let (x, y) = (a.detached, b.detached)
    return result.recorded(from: [a, b]) { gradient, inputs in
      let g = gradient.detached
      if inputs.wants(0) {
        let gradientA =
          transposeLeft
          ? y.expanded(to: lead).matrixProduct(
            g, transposeLeft: transposeRight, transposeRight: true, scale: scale)
          : g.matrixProduct(y, transposeRight: !transposeRight, scale: scale)
        inputs.add(to: 0, existing: gradientA, shared: false)
      }
      if inputs.wants(1) {
        let gradientB =
          transposeRight
          ? g.matrixProduct(x, transposeLeft: true, transposeRight: transposeLeft, scale: scale)
          : x.matrixProduct(g, transposeLeft: !transposeLeft, scale: scale)
        inputs.add(to: 1, existing: isShared ? gradientB.summed(to: y.shape) : gradientB, shared: false)
      }
    }
  }

  /// Repeats a matrix over leading axes.
  private func expanded(to lead: [Int]) -> Tensor {
    if shape.count == lead.count + 2 { return self }
    let result = Tensor(uninitialized: lead + shape, on: device)
    let strides = [Int](repeating: 0, count: lead.count) + elementStrides
    device.engine.copy(self, strides: strides, to: result)
    return result
  }
}
