internal import Foundation

/// Tails of the F and Student's t distributions, by the continued fraction of the incomplete beta function.
///
/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.5.8, 26.6.2 and 26.7.1; evaluated after Lentz.
public enum FDistribution {
  /// The chance of a value above `value`.
  public static func upperTail(_ value: Double, degrees: (Double, Double)) -> Double {
    guard value.isFinite else { return value == .infinity ? 0 : .nan }
    guard value > 0 else { return 1 }
    return incompleteBeta(
      degrees.1 / (degrees.1 + degrees.0 * value), degrees.1 / 2, degrees.0 / 2)
  }

  /// How far from 0 Student's t lies with the given chance, on both sides together: 2.776 for 0.95 and 4 degrees.
  public static func studentQuantile(confidence: Double, degrees: Double) -> Double {
    guard degrees > 0, confidence > 0, confidence < 1 else { return .nan }
    func outside(_ t: Double) -> Double { upperTail(t * t, degrees: (1, degrees)) }
    var low = 0.0
    var high = 1.0
    while outside(high) > 1 - confidence && high < 1e12 { high *= 2 }
    for _ in 0..<200 where high - low > 1e-14 * high {
      let middle = (low + high) / 2
      if outside(middle) > 1 - confidence { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The regularised incomplete beta function I_x(a, b).
  static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let front = exp(
      logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
    let tiny = 1e-300
    func bounded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / bounded(1 - (a + b) * x / (a + 1))
    var fraction = d
    for step in 1...10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / bounded(1 + even * d)
      c = bounded(1 + even / c)
      fraction *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / bounded(1 + odd * d)
      c = bounded(1 + odd / c)
      fraction *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return front * fraction / a
  }

  /// For the halves and wholes that degrees of freedom give, through the recurrence and Stirling's series.
  private static func logGamma(_ value: Double) -> Double {
    var x = value
    var shift = 0.0
    while x < 16 {
      shift -= log(x)
      x += 1
    }
    let inverse = 1 / (x * x)
    let series =
      (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse * (1.0 / 1680 - inverse / 1188))))
      / x
    return shift + (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series
  }
}
