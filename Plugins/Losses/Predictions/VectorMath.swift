internal import Foundation

/// e to the power of each lane, to about one unit in the last place; for lanes of at most 88.
///
/// Below -87 the result is e⁻⁸⁷ (1.6e-38) instead of less. NaN stays NaN.
@inline(__always)
func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> {
  let clamped = x.replacing(with: -87, where: x .< -87)
  // Adding 1.5 × 2²³ rounds to the nearest whole number and leaves it in the lowest bits.
  let shift: Float = 12_582_912
  let shifted = clamped * 1.442_695_04 + shift
  let whole = shifted - shift
  // The rest after dividing by ln 2, which is split so that no bit is lost.
  let rest = clamped - whole * 0.693_359_375 + whole * 2.121_944_40e-4
  var sum = SIMD16<Float>(repeating: 1.987_569_15e-4)
  sum = sum * rest + 1.398_199_95e-3
  sum = sum * rest + 8.333_451_9e-3
  sum = sum * rest + 4.166_579_6e-2
  sum = sum * rest + 1.666_666_55e-1
  sum = sum * rest + 0.5
  sum = sum * rest * rest + rest + 1
  let exponent = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &<< 23
  return unsafeBitCast(unsafeBitCast(sum, to: SIMD16<Int32>.self) &+ exponent, to: SIMD16<Float>.self)
}

/// The logarithm of 1 + each lane, for lanes from 0 to 1, to a relative error of about 1e-7.
@inline(__always)
func logarithmOfOnePlus(_ x: SIMD16<Float>) -> SIMD16<Float> {
  // ln(1 + x) = 2 artanh(x / (2 + x)), whose series converges fast up to a third.
  let ratio = x / (x + 2)
  let square = ratio * ratio
  var sum = SIMD16<Float>(repeating: 1.0 / 13)
  sum = sum * square + 1.0 / 11
  sum = sum * square + 1.0 / 9
  sum = sum * square + 1.0 / 7
  sum = sum * square + 1.0 / 5
  sum = sum * square + 1.0 / 3
  sum = sum * square + 1
  return ratio * sum * 2
}

/// 1 / (1 + e⁻ˣ), without overflow.
func sigmoid(_ x: Float) -> Float {
  let decay = exp(-abs(x))
  return x >= 0 ? 1 / (1 + decay) : decay / (1 + decay)
}
