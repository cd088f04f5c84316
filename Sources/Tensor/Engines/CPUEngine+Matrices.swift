internal import COpenBLAS
import Kernels

/// C = alpha · op(A) · op(B) + beta · C by OpenBLAS on the calling thread; row-major, leading dimensions in elements.
package func gemm(
  transposeA: Bool, transposeB: Bool, rows: Int, columns: Int, inner: Int, alpha: Float = 1,
  _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int, beta: Float = 0,
  _ c: UnsafeMutablePointer<Float>, _ ldc: Int
) {
  pl_sgemm(
    transposeA ? 1 : 0, transposeB ? 1 : 0, Int32(rows), Int32(columns), Int32(inner), alpha, a, Int32(lda),
    b,
    Int32(ldb), beta, c, Int32(ldc))
}

extension CPUEngine {
  public func matrixProduct(_ product: MatrixProduct, _ a: Tensor, _ b: Tensor, to output: Tensor) {
    guard product.batch > 0, product.rows > 0, product.columns > 0 else { return }
    // Blocks of rows whose size does not depend on the team.
    let blockRows = product.transposeA ? product.rows : min(product.rows, 256)
    let blocks = (product.rows + blockRows - 1) / blockRows
    let lda = product.transposeA ? product.rows : product.inner
    let ldb = product.transposeB ? product.inner : product.columns
    ThreadTeam.forEachBlock(product.batch * blocks) { index in
      let (matrix, first) = (index / blocks, index % blocks * blockRows)
      gemm(
        transposeA: product.transposeA, transposeB: product.transposeB,
        rows: min(blockRows, product.rows - first), columns: product.columns, inner: product.inner,
        alpha: product.alpha, a.cpu + matrix * product.strideA + first * (product.transposeA ? 1 : lda), lda,
        b.cpu + matrix * product.strideB, ldb,
        output.cpu + (matrix * product.rows + first) * product.columns, product.columns)
    }
  }

  public func attention(
    _ geometry: AttentionGeometry, input: Tensor, to output: Tensor, keepWeights: Bool
  ) -> Tensor? {
    let (n, key, value) = (geometry.positions, geometry.keyChannels, geometry.valueChannels)
    let weights =
      keepWeights
      ? Tensor(uninitialized: [geometry.batch * geometry.heads, n, n], on: input.device) : nil
    ThreadTeam.forEachBlock(geometry.batch * geometry.heads) { block in
      let (image, head) = (block / geometry.heads, block % geometry.heads)
      let query = input.cpu + image * n * input.rowStride + head * geometry.headChannels
      let out = output.cpu + image * n * output.rowStride + head * value
      func run(_ scores: UnsafeMutablePointer<Float>) {
        gemm(
          transposeA: false, transposeB: true, rows: n, columns: n, inner: key, query, input.rowStride,
          query + key,
          input.rowStride, scores, n)
        pl_softmax_block(n, n, geometry.scale, scores)
        gemm(
          transposeA: false, transposeB: false, rows: n, columns: value, inner: n, scores, n, query + 2 * key,
          input.rowStride, out, output.rowStride)
      }
      if let weights { run(weights.cpu + block * n * n) } else { withScratch(n * n, run) }
    }
    return weights
  }

  public func attentionGradient(
    _ geometry: AttentionGeometry, input: Tensor, weights: Tensor, gradient: Tensor, to inputGradient: Tensor
  ) {
    let (n, key, value) = (geometry.positions, geometry.keyChannels, geometry.valueChannels)
    let (ld, ldg, ldo) = (input.rowStride, inputGradient.rowStride, gradient.rowStride)
    ThreadTeam.forEachBlock(geometry.batch * geometry.heads) { block in
      let (image, head) = (block / geometry.heads, block % geometry.heads)
      let query = input.cpu + image * n * ld + head * geometry.headChannels
      let queryGradient = inputGradient.cpu + image * n * ldg + head * geometry.headChannels
      let out = gradient.cpu + image * n * ldo + head * value
      let attention = weights.cpu + block * n * n
      withScratch(n * n) { scores in
        gemm(
          transposeA: true, transposeB: false, rows: n, columns: value, inner: n, attention, n, out, ldo,
          queryGradient + 2 * key, ldg)
        gemm(
          transposeA: false, transposeB: true, rows: n, columns: n, inner: value, out, ldo, query + 2 * key,
          ld,
          scores, n)
        pl_softmax_block_backward(n, n, geometry.scale, attention, scores)
        gemm(
          transposeA: false, transposeB: false, rows: n, columns: key, inner: n, scores, n, query + key, ld,
          queryGradient, ldg)
        gemm(
          transposeA: true, transposeB: false, rows: n, columns: key, inner: n, scores, n, query, ld,
          queryGradient + key, ldg)
      }
    }
  }
}
