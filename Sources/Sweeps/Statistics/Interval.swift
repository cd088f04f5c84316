/// From where to where a value lies with some confidence.
public struct Interval: Sendable, Equatable {
  public var low: Double
  public var high: Double

  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  public func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// The percentile interval of a bootstrap distribution.
  ///
  /// Quantiles lie between two values by linear interpolation. Source: Efron and Tibshirani, An Introduction to the
  /// Bootstrap, 1993, chapter 13.
  ///
  /// - Parameter confidence: 0…1.
  /// - Returns: nil without finite values.
  public static func percentile(of distribution: [Double], confidence: Double = 0.95) -> Interval? {
    let sorted = distribution.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return nil }
    let tail = (1 - confidence) / 2
    return Interval(low: quantile(sorted, tail), high: quantile(sorted, 1 - tail))
  }

  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let position = min(max(share, 0), 1) * Double(sorted.count - 1)
    let below = min(Int(position), sorted.count - 1)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
  }
}
