package import Config

extension ParameterDeclaration {
  /// Checks one value against the declared type and range.
  ///
  /// - Returns: the value in its final form: Python's words for nothing, true and false, given as text,
  ///   become what they mean.
  package func checked(_ node: Node) throws(Diagnostic) -> Node {
    let node = pythonLiteral(node)
    if node.isNull, acceptsNull { return node }
    switch kind {
    case .bool: _ = try node.bool(named: name)
    case .int(let range): _ = try node.int(named: name, in: range)
    case .float(let range): _ = try node.float(named: name, in: range)
    case .string(let choices): _ = try node.string(named: name, among: choices)
    case .boolList(let count): _ = try node.boolList(named: name, count: count)
    case .intList(let count, let range): _ = try node.intList(named: name, count: count, each: range)
    case .floatList(let count, let range): _ = try node.floatList(named: name, count: count, each: range)
    case .stringList(let count, let words): _ = try node.stringList(named: name, count: count, among: words)
    case .component: return try component(node)
    case .any: break
    }
    return node
  }

  /// The value for a component: arguments alone are those of the default.
  private func component(_ node: Node) throws(Diagnostic) -> Node {
    var node = node
    if case .mapping(let entries) = node.value, node["type"] == nil, case .string? = defaultValue {
      let type = Node(defaultValue ?? .null, at: node.location)
      node = Node(.mapping([Node.Entry(key: "type", value: type)] + entries), at: node.location)
    }
    _ = try ComponentSpec(node, named: name)
    return node
  }

  /// Recipes written for Python quote its literals now and then: `[None, 2, "nearest"]`, `["True"]`.
  private func pythonLiteral(_ node: Node) -> Node {
    guard case .string(let text) = node.value else { return node }
    if case .string(let choices) = kind, !(text == "None" && acceptsNull && !choices.contains(text)) {
      return node
    }
    let meaning: Node.Value? =
      switch text {
      case "None": .null
      case "True": true
      case "False": false
      default: nil
      }
    return meaning.map { Node($0, at: node.location) } ?? node
  }
}

extension ParameterDeclaration: CustomStringConvertible {
  /// As a signature shows it: `kernel: int from 1 to 31 = 3`.
  public var description: String { "\(name): \(kind)" + (defaultValue.map { " = \($0.short)" } ?? "") }
}

extension ParameterDeclaration.Kind: CustomStringConvertible {
  /// `int from 1 to 31`, `float`, `nearest | bilinear`, `list of int`; for another component its kind, `assigner`.
  public var description: String {
    switch self {
    case .bool: "bool"
    case .int(let range): "int\(range.limits)"
    case .float(let range): "float\(range.limits)"
    case .string(let choices): choices.isEmpty ? "text" : choices.joined(separator: " | ")
    case .boolList(let count): "list\(count.listLength), each bool"
    case .intList(let count, let range): "list\(count.listLength), each int\(range.limits)"
    case .floatList(let count, let range): "list\(count.listLength), each float\(range.limits)"
    case .stringList(let count, let choices):
      "list\(count.listLength), each \(choices.isEmpty ? "text" : choices.joined(separator: " | "))"
    case .component(let kind): kind
    case .any: "any"
    }
  }
}

extension Node.Value {
  /// The value on one line, as YAML writes it.
  fileprivate var short: String {
    switch self {
    case .null: "none"
    case .string(let text): text
    case .sequence(let nodes): "[\(nodes.map(\.value.short).joined(separator: ", "))]"
    case .mapping(let entries):
      "{\(entries.map { "\($0.key): \($0.value.value.short)" }.joined(separator: ", "))}"
    default: description
    }
  }
}
