import COpenBLAS
import Tensor
import Testing

@Suite struct `Matrix products` {
  /// C is 3 × 4 within rows of 6; A has 5 columns, or rows where it is transposed.
  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func `are by plain loops what they are by OpenBLAS`(transposeA: Bool, transposeB: Bool) {
    var stream = RandomStream(seed: 4, purpose: .test)
    func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float(stream.uniform(-1, 1)) } }
    let (a, b, c) = (numbers(7 * 7), numbers(8 * 8), numbers(3 * 6))
    for beta: Float in [0, 0.5] {
      var (plain, fast) = (c, c)
      if beta == 0 { (plain[0], fast[0]) = (.nan, .nan) }
      pl_plain_sgemm(transposeA ? 1 : 0, transposeB ? 1 : 0, 3, 4, 5, 0.7, a, 7, b, 8, beta, &plain, 6)
      pl_sgemm(transposeA ? 1 : 0, transposeB ? 1 : 0, 3, 4, 5, 0.7, a, 7, b, 8, beta, &fast, 6)
      #expect(zip(plain, fast).allSatisfy { abs($0 - $1) < 1e-5 })
      for row in 0..<3 { #expect(fast[row * 6 + 4] == c[row * 6 + 4]) }
    }
  }
}
