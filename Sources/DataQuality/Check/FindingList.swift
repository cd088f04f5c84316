/// Findings of all kinds: all are counted, the first ones of each kind kept.
public struct FindingList: Sendable {
  /// Of each kind.
  public private(set) var counts: [FindingKind: Int] = [:]
  public private(set) var examples: [FindingKind: [Finding]] = [:]
  /// Most that are kept of a kind.
  static let limit = 1000

  public init() {}

  mutating func append(_ finding: Finding) {
    counts[finding.kind, default: 0] += 1
    if examples[finding.kind, default: []].count < Self.limit {
      examples[finding.kind, default: []].append(finding)
    }
  }

  /// Counts findings that are not shown.
  mutating func count(_ kind: FindingKind, more count: Int) {
    if count > 0 { counts[kind, default: 0] += count }
  }

  mutating func append(_ other: FindingList) {
    for (kind, count) in other.counts { counts[kind, default: 0] += count }
    for (kind, found) in other.examples {
      let room = Self.limit - examples[kind, default: []].count
      examples[kind, default: []] += found.prefix(room)
    }
  }

  /// Kinds that were found, the worst first.
  public var kinds: [FindingKind] {
    let order = FindingKind.allCases.filter { counts[$0, default: 0] > 0 }
    return order.filter { $0.severity == .error } + order.filter { $0.severity == .warning }
      + order.filter { $0.severity == .note }
  }

  public var errorCount: Int { counts.reduce(0) { $0 + ($1.key.severity == .error ? $1.value : 0) } }
  public var warningCount: Int { counts.reduce(0) { $0 + ($1.key.severity == .warning ? $1.value : 0) } }
}
