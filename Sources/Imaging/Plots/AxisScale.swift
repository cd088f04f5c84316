internal import Foundation

/// Values on an axis: its range and the round numbers marked on it.
struct AxisScale: Equatable {
  let lower: Double
  let upper: Double
  let step: Double
  /// The marked values, all within the range.
  let ticks: [Double]

  /// Fits an axis around data.
  ///
  /// - Parameters:
  ///   - values: what has to fit; anything not finite or beyond ±1e30 is ignored.
  ///   - fixed: the range to show whatever the data.
  ///   - count: about how many ticks there is room for.
  ///   - integral: whether only whole numbers may be marked.
  init(
    values: some Sequence<Double>, fixed: ClosedRange<Double>? = nil, count: Int = 5, integral: Bool = false
  ) {
    let count = max(1, count)
    if let fixed, fixed.lowerBound.isFinite, fixed.upperBound.isFinite, fixed.lowerBound < fixed.upperBound {
      self.init(lower: fixed.lowerBound, upper: fixed.upperBound, count: count, integral: integral)
      return
    }
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where AxisScale.isPlottable(value) {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else {
      self.init(lower: 0, upper: 1, count: count, integral: integral)
      return
    }
    let smallest = integral ? 1 : max(abs(low), abs(high)) * 1e-6
    if high - low <= smallest {
      let pad = integral ? 1 : max(abs(low) * 0.1, abs(low) < 1e-12 ? 0.5 : 0)
      self.init(lower: low - pad, upper: high + pad, count: count, integral: integral)
    } else {
      let pad = (high - low) * (integral ? 0.02 : 0.05)
      let floor = low >= 0 && low - pad < 0 ? 0 : low - pad
      self.init(lower: floor, upper: high + pad, count: count, integral: integral)
    }
  }

  private init(lower: Double, upper: Double, count: Int, integral: Bool) {
    self.lower = lower
    self.upper = upper
    let rough = (upper - lower) / Double(count)
    let power = pow(10, log10(rough).rounded(.down))
    // The round step whose number of ticks comes nearest to what was asked for.
    let steps = [1, 2, 2.5, 5, 10].map { $0 * power }
    let span = upper - lower
    var step = steps.min { abs(span / $0 - Double(count)) < abs(span / $1 - Double(count)) } ?? power
    if integral { step = max(1, step.rounded(.up)) }
    self.step = step
    let first = (lower / step - 1e-9).rounded(.up)
    let last = (upper / step + 1e-9).rounded(.down)
    ticks =
      first <= last && last - first < 200 ? stride(from: first, through: last, by: 1).map { $0 * step } : []
  }

  static func isPlottable(_ value: Double) -> Bool { abs(value) <= 1e30 }

  /// Where a value lies: 0 at the lower end, 1 at the upper.
  func position(_ value: Double) -> Double { (value - lower) / (upper - lower) }

  /// A tick's text, with as many decimals as the step needs.
  func label(_ tick: Double) -> String {
    let largest = max(abs(lower), abs(upper))
    if abs(tick) < step * 1e-6 { return "0" }
    if largest >= 1e6 || largest < 1e-3 {
      return String(format: "%.3g", tick).replacingOccurrences(of: "e+0", with: "e")
        .replacingOccurrences(of: "e+", with: "e").replacingOccurrences(of: "e-0", with: "e-")
    }
    var decimals = 0
    while decimals < 8,
      abs((step * pow(10, Double(decimals))).rounded() - step * pow(10, Double(decimals))) > 1e-6
    {
      decimals += 1
    }
    return String(format: "%.\(decimals)f", tick)
  }
}
