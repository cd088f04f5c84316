internal import Foundation

/// Numbers as reports show them; the same text in every language.
enum ReportNumber {
  /// What stands for a number that is not there.
  static let missing = "–"

  /// A figure or a difference, with four decimals: `0.6123`.
  static func figure(_ value: Double?, signed: Bool = false) -> String {
    guard let value, value.isFinite else { return missing }
    let magnitude = abs(value)
    let decimals = magnitude >= 1000 ? 1 : magnitude >= 10 ? 2 : 4
    let text = String(format: "%.\(decimals)f", magnitude)
    let isZero = !text.contains { ("1"..."9").contains($0) }
    return (value < 0 && !isZero ? "−" : signed && !isZero ? "+" : "") + text
  }

  /// `0.6123 ± 0.0042`.
  static func summary(_ summary: SampleSummary?) -> String {
    guard let summary, summary.count > 0 else { return missing }
    return figure(summary.mean) + (summary.deviation.map { " ± " + figure($0) } ?? "")
  }

  /// `[−0.0021, +0.0140]`.
  static func interval(_ interval: Interval?) -> String {
    guard let interval else { return missing }
    return "[\(figure(interval.low, signed: true)), \(figure(interval.high, signed: true))]"
  }

  /// Two digits that matter: `0.1`, `0.017`, `0.00052`.
  static func pValue(_ value: Double?) -> String {
    guard let value, value.isFinite else { return missing }
    if value >= 0.9995 { return "1" }
    return value < 0.0001 ? "< 0.0001" : shortened(value, digits: value < 0.01 ? 1 : 2)
  }

  /// `2.87 M`.
  static func parameters(_ value: Double?) -> String {
    guard let value, value.isFinite else { return missing }
    return value >= 1e6
      ? shortened(value / 1e6, digits: 3) + " M"
      : value >= 1e3 ? shortened(value / 1e3, digits: 3) + " k" : shortened(value, digits: 3)
  }

  static func cost(_ value: Double?) -> String {
    guard let value, value.isFinite else { return missing }
    return shortened(value, digits: 3)
  }

  /// `45 s`, `3 min 20 s`, `2 h 05 min`.
  static func duration(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds >= 0, seconds < 1e12 else { return missing }
    if seconds < 10 { return shortened(seconds, digits: 2) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min " + String(format: "%02d s", whole % 60) }
    return "\(whole / 3600) h " + String(format: "%02d min", whole % 3600 / 60)
  }

  /// Without an exponent where it can be helped, and without trailing noise.
  static func shortened(_ value: Double, digits: Int) -> String {
    guard value != 0 else { return "0" }
    let exponent = Int(log10(abs(value)).rounded(.down))
    if exponent > 8 || exponent < -8 { return String(format: "%.\(max(0, digits - 1))e", value) }
    let decimals = max(0, digits - 1 - exponent)
    return String(format: "%.\(decimals)f", value).replacingOccurrences(of: "-", with: "−")
  }

  /// For files that programs read: the shortest text that gives the same number again.
  static func exact(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return "\(value)"
  }
}
