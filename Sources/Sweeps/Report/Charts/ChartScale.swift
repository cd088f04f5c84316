internal import Foundation

/// Maps values to pixels of a drawing and chooses round numbers to label.
struct ChartScale: Sendable {
  let low: Double
  let high: Double
  /// Pixels of `low` and of `high`.
  let start: Double
  let end: Double
  let ticks: [Double]
  private let step: Double

  /// - Parameters:
  ///   - values: to be seen; those not finite are left out. Without any, 0…1.
  ///   - includesZero: whether the axis begins at 0.
  ///   - isWhole: whether only whole numbers mean something.
  ///   - count: about how many labels there are to be.
  init(
    _ values: [Double], from start: Double, to end: Double, includesZero: Bool = false, isWhole: Bool = false,
    count: Int = 5
  ) {
    let finite = values.filter { $0.isFinite && abs($0) < 1e15 } + (includesZero ? [0] : [])
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    if high - low < max(abs(high), abs(low)) * 1e-9 || high == low {
      let room = high == 0 ? 0.5 : abs(high) * 0.1
      low -= room
      high += room
    } else {
      let room = (high - low) * 0.06
      low -= includesZero && low == 0 ? 0 : room
      high += room
    }
    let rough = (high - low) / Double(max(1, count))
    let power = pow(10, log10(rough).rounded(.down))
    let round = power * ([1, 2, 2.5, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10)
    let step = isWhole ? max(1, round.rounded(.up)) : round
    let first = Int((low / step).rounded(.up))
    let last = Int((high / step).rounded(.down))
    ticks = first <= last ? (first...min(last, first + 20)).map { Double($0) * step } : []
    (self.low, self.high, self.start, self.end, self.step) = (low, high, start, end, step)
  }

  func callAsFunction(_ value: Double) -> Double {
    start + (end - start) * (min(max(value, low), high) - low) / (high - low)
  }

  func label(_ tick: Double) -> String {
    let decimals = min(8, max(0, Int((-log10(step) - 1e-9).rounded(.up))))
    let isHalf = abs(step * pow(10, Double(decimals)) - (step * pow(10, Double(decimals))).rounded()) > 1e-6
    let text = String(format: "%.\(isHalf ? decimals + 1 : decimals)f", abs(tick))
    return (tick < 0 && text.contains { ("1"..."9").contains($0) } ? "−" : "") + text
  }
}
