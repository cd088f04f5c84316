internal import Foundation

/// Mean and spread of a few values, such as one figure over seeds. Values that are not finite are left out.
public struct SampleSummary: Sendable, Equatable {
  public let count: Int
  /// NaN without values.
  public let mean: Double
  /// Sample standard deviation (divided by `count - 1`); nil for fewer than two values.
  public let deviation: Double?

  public init(_ values: [Double]) {
    let values = values.filter(\.isFinite)
    count = values.count
    guard !values.isEmpty else {
      mean = .nan
      deviation = nil
      return
    }
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviation =
      values.count < 2
      ? nil
      : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }
}
