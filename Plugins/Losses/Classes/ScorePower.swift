internal import Foundation

/// A power of numbers from 0 to 1 with its derivative, fast for whole exponents up to 3.
struct ScorePower {
  typealias Lanes = SIMD16<Float>

  private let exponent: Float

  /// - Parameter exponent: 0 or more.
  init(_ exponent: Float) { self.exponent = exponent }

  @inline(__always)
  func of(_ base: Lanes) -> (value: Lanes, slope: Lanes) {
    if exponent == 2 { return (base * base, 2 * base) }
    if exponent == 1 { return (base, Lanes(repeating: 1)) }
    if exponent == 0 { return (Lanes(repeating: 1), Lanes()) }
    if exponent == 3 { return (base * base * base, 3 * base * base) }
    return general(base)
  }

  @inline(never)
  private func general(_ base: Lanes) -> (value: Lanes, slope: Lanes) {
    var value = Lanes()
    var slope = Lanes()
    for lane in 0..<16 {
      value[lane] = pow(base[lane], exponent)
      // An exponent below 1 has no finite slope at 0.
      slope[lane] = exponent * value[lane] / max(base[lane], 1e-20)
    }
    return (value, slope)
  }
}
