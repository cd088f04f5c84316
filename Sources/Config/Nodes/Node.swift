/// One value of a YAML document, which knows where it was written.
public struct Node: Sendable {
  public indirect enum Value: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case sequence([Node])
    case mapping([Entry])
  }

  /// One `key: value` of a mapping; order is the order of the file.
  public struct Entry: Sendable {
    public var key: String
    public var keyLocation: SourceLocation?
    public var value: Node

    public init(key: String, keyLocation: SourceLocation? = nil, value: Node) {
      self.key = key
      self.keyLocation = keyLocation
      self.value = value
    }
  }

  public var value: Value
  /// Nil for values that come from code: defaults.
  public var location: SourceLocation?

  public init(_ value: Value, at location: SourceLocation? = nil) {
    self.value = value
    self.location = location
  }

  /// The value under `key`, or nil where this is no mapping or has no such key.
  public subscript(key: String) -> Node? {
    guard case .mapping(let entries) = value else { return nil }
    return entries.first { $0.key == key }?.value
  }
}
