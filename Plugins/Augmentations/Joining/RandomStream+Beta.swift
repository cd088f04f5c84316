internal import Foundation
internal import Tensor

extension RandomStream {
  /// From the beta distribution, as a ratio of two gamma variates; both shapes must be at least 1.
  mutating func beta(_ a: Double, _ b: Double) -> Double {
    let x = gamma(a)
    return x / (x + gamma(b))
  }

  /// From the gamma distribution with scale 1.
  ///
  /// Source: Marsaglia and Tsang, A Simple Method for Generating Gamma Variables, TOMS 26(3), 2000.
  private mutating func gamma(_ shape: Double) -> Double {
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = 1 + c * x
      if v <= 0 { continue }
      let cube = v * v * v
      if log(1 - uniform()) < x * x / 2 + d * (1 - cube + log(cube)) { return d * cube }
    }
  }
}
