internal import Tensor

extension Tensor {
  /// Takes a matrix near the orthogonal matrix that is nearest to it: all its singular values come near 1.
  ///
  /// Each Newton–Schulz iteration is X ← a X + (b A + c A²) X with A = X Xᵀ and the published coefficients, which
  /// bring singular values quickly into 0.7…1.2 and leave them there.
  ///
  /// Source: Jordan et al., Muon: An Optimizer for Hidden Layers, 2024.
  ///
  /// - Precondition: dense, `[rows, columns]`.
  func orthogonalize(iterations: Int) {
    let (a, b, c): (Float, Float, Float) = (3.4445, -4.7750, 2.0315)
    let engine = device.engine
    let (rows, columns) = (shape[0], shape[1])
    let side = min(rows, columns)
    engine.affine(
      self, scale: Float(1 / (engine.sumOfSquares(self).squareRoot() + 1e-7)), offset: 0, to: self)
    let square = Tensor(uninitialized: [side, side], on: device)
    let polynomial = Tensor(uninitialized: [side, side], on: device)
    let product = Tensor(uninitialized: shape, on: device)
    for _ in 0..<iterations {
      // Of X Xᵀ and Xᵀ X, the smaller one.
      engine.matrixProduct(
        MatrixProduct(
          batch: 1, rows: side, columns: side, inner: max(rows, columns), transposeA: rows > columns,
          transposeB: rows <= columns),
        self, self, to: square)
      engine.matrixProduct(
        MatrixProduct(batch: 1, rows: side, columns: side, inner: side, alpha: c), square, square,
        to: polynomial)
      engine.affine(square, scale: b, offset: 0, to: square)
      engine.accumulate(square, into: polynomial)
      let (first, second) = rows <= columns ? (polynomial, self) : (self, polynomial)
      engine.matrixProduct(
        MatrixProduct(batch: 1, rows: rows, columns: columns, inner: side), first, second, to: product)
      engine.affine(self, scale: a, offset: 0, to: self)
      engine.accumulate(product, into: self)
    }
  }
}
