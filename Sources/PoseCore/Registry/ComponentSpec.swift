public import Config

/// How a spec names a component: a bare name, or a mapping of `type` and arguments.
///
/// ```yaml
/// neck: bifpn
/// neck: {type: bifpn, repeats: 2}
/// ```
public struct ComponentSpec: Sendable, Equatable {
  public var name: String
  /// Where the name stands.
  public var location: SourceLocation?
  /// A mapping, or nothing.
  public var arguments: Node

  public init(name: String, arguments: Node = Node(.null), at location: SourceLocation? = nil) {
    self.name = name
    self.arguments = arguments
    self.location = location
  }

  /// - Parameter key: what the value is called in messages: `neck`, `augment[2]`.
  /// - Throws: where the value is neither a name nor a mapping with a `type`.
  public init(_ node: Node, named key: String) throws(Diagnostic) {
    switch node.value {
    case .string(let name):
      self.init(name: name, arguments: Node(.null, at: node.location), at: node.location)
    case .mapping:
      guard let type = node["type"] else {
        throw Diagnostic(.error, "'\(key)' needs the key 'type': the name of what to use", at: node.location)
      }
      self.init(
        name: try type.string(named: "type"), arguments: node.removing("type"), at: type.location)
    default:
      throw Diagnostic(
        .error, "'\(key)' must be a name, or a mapping with the key 'type', but is \(node.value)",
        at: node.location)
    }
  }
}

extension ComponentSpec {
  /// Whether both say the same, wherever it stands.
  public static func == (a: ComponentSpec, b: ComponentSpec) -> Bool { a.text == b.text }
}

extension ComponentTable {
  /// Finds the component that `spec` names, and checks its arguments.
  ///
  /// - Parameter symbols: names that stand for a value in arguments: `nc`, `kpt_shape`.
  /// - Throws: `Diagnostic` for an unknown name, `DiagnosticList` for faulty arguments.
  public func resolve(
    _ spec: ComponentSpec, symbols: [String: Node.Value] = [:]
  ) throws -> (component: Component<Context, Product>, arguments: Arguments) {
    let component = try find(spec.name, at: spec.location)
    return (component, try component.arguments(spec.arguments, symbols: symbols, at: spec.location))
  }

  /// Builds the component that `spec` names.
  public func make(
    _ spec: ComponentSpec, in context: Context, symbols: [String: Node.Value] = [:]
  ) throws -> Product {
    let (component, arguments) = try resolve(spec, symbols: symbols)
    return try component.make(arguments, context)
  }
}
