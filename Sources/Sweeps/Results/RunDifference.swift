internal import Config
internal import Foundation

/// What differs between two runs.
public struct RunDifference: Sendable, Equatable {
  /// A value that is not the same; nil where a run does not have it.
  public struct Entry: Sendable, Equatable {
    public var name: String
    public var first: String?
    public var second: String?
  }

  /// Settings by dotted path.
  public var spec: [Entry]
  public var environment: [Entry]
  /// `METRIC/NAME`.
  public var figures: [(name: String, first: Double?, second: Double?)]

  public init(_ first: RunResult, _ second: RunResult) {
    spec = Self.entries(Self.settings(first.spec), Self.settings(second.spec))
    environment = Self.entries(Self.fields(first.environment), Self.fields(second.environment))
    let a = Dictionary(first.figures.map { ("\($0.metric)/\($0.name)", $0.value) }) { first, _ in first }
    let b = Dictionary(second.figures.map { ("\($0.metric)/\($0.name)", $0.value) }) { first, _ in first }
    figures = Set(a.keys).union(b.keys).sorted().filter { a[$0] != b[$0] }.map {
      (name: $0, first: a[$0], second: b[$0])
    }
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.spec == b.spec && a.environment == b.environment
      && a.figures.elementsEqual(b.figures) {
        $0.name == $1.name && $0.first == $1.first && $0.second == $1.second
      }
  }

  private static func entries(_ a: [String: String], _ b: [String: String]) -> [Entry] {
    Set(a.keys).union(b.keys).sorted().filter { a[$0] != b[$0] }
      .map { Entry(name: $0, first: a[$0], second: b[$0]) }
  }

  private static func settings(_ text: String) -> [String: String] {
    guard let tree = try? Document(text: text, name: "experiment.yaml").root else { return [:] }
    return tree.flattened
  }

  private static func fields(_ text: String) -> [String: String] {
    guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
      return [:]
    }
    return object.mapValues { "\($0)" }
  }
}
