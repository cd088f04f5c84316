/// What a conversion could not carry over, or had to make up, with counts.
public struct ConversionLosses: Sendable, Equatable {
  /// In the order in which they were first met.
  public private(set) var entries: [(what: String, count: Int)] = []

  public init() {}

  public mutating func add(_ what: String, _ count: Int = 1) {
    guard count > 0 else { return }
    if let index = entries.firstIndex(where: { $0.what == what }) {
      entries[index].count += count
    } else {
      entries.append((what, count))
    }
  }

  public mutating func add(_ other: ConversionLosses) {
    for entry in other.entries { add(entry.what, entry.count) }
  }

  /// `areas of objects left out: 12`
  public var lines: [String] { entries.map { "\($0.what): \($0.count)" } }

  public static func == (a: Self, b: Self) -> Bool { a.lines == b.lines }
}
