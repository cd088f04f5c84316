internal import Config

extension ComponentSpec {
  /// Whether the spec gives any argument.
  public var hasArguments: Bool {
    if case .mapping(let entries) = arguments.value { !entries.isEmpty } else { false }
  }

  /// On one line, as YAML reads it: `adamw`, or `{type: adamw, beta2: 0.98}`.
  public var text: String {
    guard case .mapping(let entries) = arguments.value, hasArguments else { return name }
    return Node(.mapping([Node.Entry(key: "type", value: Node(.string(name)))] + entries)).flowText
  }

  /// - Parameter text: as `text` gives it.
  /// - Throws: a diagnostic list for what is no YAML, a diagnostic for what names no component.
  public init(text: String, named key: String) throws {
    try self.init(try Document(text: text, name: key).root, named: key)
  }
}

extension ComponentSpec: ExpressibleByStringLiteral {
  /// The component of that name, without arguments.
  public init(stringLiteral name: String) { self.init(name: name) }
}

/// As one text.
extension ComponentSpec: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    try self.init(text: try container.decode(String.self), named: "component")
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension Node {
  package var flowText: String {
    if case .mapping(let entries) = value {
      let texts = entries.map { "\(Node(.string($0.key)).flowText): \($0.value.flowText)" }
      return "{\(texts.joined(separator: ", "))}"
    }
    var writer = YAMLWriter()
    writer.width = .max
    return String(writer.text(self).dropLast())
  }
}
