// Values written in code: defaults of parameters, symbols of recipes, trees in tests.

extension Node.Value: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .float(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: Node.Value...) { self = .sequence(elements.map { Node($0) }) }

  public init(dictionaryLiteral elements: (String, Node.Value)...) {
    self = .mapping(elements.map { Node.Entry(key: $0, value: Node($1)) })
  }
}

extension Node.Entry: Equatable {
  /// Same key and same value, wherever they were written.
  public static func == (a: Node.Entry, b: Node.Entry) -> Bool { a.key == b.key && a.value == b.value }
}

extension Node: Equatable {
  /// Same value, wherever it was written.
  public static func == (a: Node, b: Node) -> Bool { a.value == b.value }
}

extension Node.Value: CustomStringConvertible {
  /// The value as a message names it: `'text'`, `3`, `a list of 2 values`.
  public var description: String {
    switch self {
    case .null: "nothing"
    case .bool(let value): String(value)
    case .int(let value): String(value)
    case .float(let value): String(value)
    case .string(let value): "'\(value.count > 60 ? value.prefix(57) + "…" : value[...])'"
    case .sequence(let nodes): nodes.count == 1 ? "a list of 1 value" : "a list of \(nodes.count) values"
    case .mapping: "a mapping"
    }
  }
}
