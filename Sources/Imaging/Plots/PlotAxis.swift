/// What an axis says: its label (with the unit, where there is one) and, if given, its range.
public struct PlotAxis: Sendable, Equatable {
  public var label: String
  /// The range to show; nil fits the data.
  public var range: ClosedRange<Double>?
  /// Marks whole numbers only, as for epochs and counts.
  public var isIntegral: Bool

  public init(_ label: String, range: ClosedRange<Double>? = nil, isIntegral: Bool = false) {
    self.label = label
    self.range = range
    self.isIntegral = isIntegral
  }
}
