public import Config

/// The validated arguments of one component: every declared parameter has a value of its declared type.
///
/// The getters throw only where the component's own code asks for a name or type it did not declare, or
/// for the value of an argument that was left empty.
public struct Arguments: Sendable {
  struct Argument: Sendable {
    var node: Node
    var isGiven: Bool
  }

  /// What the arguments are for, as messages name it: `layer 'Conv'`.
  public let owner: String
  /// Where the component stands in the spec.
  public let location: SourceLocation?
  private let values: [String: Argument]
  private let order: [String]

  init(owner: String, location: SourceLocation?, values: [String: Argument], order: [String]) {
    self.owner = owner
    self.location = location
    self.values = values
    self.order = order
  }

  /// The value of any parameter, as it stands in the spec, or its default.
  public func node(_ name: String) throws(Diagnostic) -> Node {
    guard let argument = values[name] else {
      let known = order.isEmpty ? "it has no parameters" : "it declares \(order.joined(separator: ", "))"
      throw Diagnostic(.error, "\(owner) reads the undeclared parameter '\(name)'; \(known)", at: location)
    }
    return argument.node
  }

  /// Whether the spec gives this argument, so that it is no default.
  public func isGiven(_ name: String) -> Bool { values[name]?.isGiven ?? false }

  /// Where the argument was written; where it was not, where the component was.
  public func location(of name: String) -> SourceLocation? { values[name]?.node.location ?? location }

  /// A fault in the value of `name` that only the component can see: a size that does not fit, a missing file.
  public func error(_ message: String, at name: String) -> Diagnostic {
    Diagnostic(.error, message, at: location(of: name))
  }

  /// Every argument in the order of its declaration, defaults filled in: for a resolved spec.
  public var resolved: Node {
    let entries = order.compactMap { name in values[name].map { Node.Entry(key: name, value: $0.node) } }
    return Node(.mapping(entries), at: location)
  }
}
