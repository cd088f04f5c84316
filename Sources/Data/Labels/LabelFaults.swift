public import Config

/// Label rows that cannot be right; they are not among the objects.
public struct LabelFaults: Sendable {
  /// The first ones; the index shows ten.
  public private(set) var first: [Diagnostic] = []
  public private(set) var count = 0

  public init() {}

  init(first: [Diagnostic], count: Int) {
    self.first = first
    self.count = count
  }

  /// Notes a row that has to be left out.
  public mutating func append(_ fault: Diagnostic) {
    count += 1
    if first.count < LabelTextParser.faultLimit { first.append(fault) }
  }
}
