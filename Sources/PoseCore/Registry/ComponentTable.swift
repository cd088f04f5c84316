public import Config

/// The registered components of one kind.
public struct ComponentTable<Context, Product>: Sendable {
  /// What messages call one of them: `neck`.
  public let kind: String
  /// The plugin whose components are being registered.
  var plugin: String
  private var components: [String: Component<Context, Product>] = [:]
  /// Every name and alias, to the name of its component.
  private var canonicalNames: [String: String] = [:]

  public init(kind: String, plugin: String = "") {
    self.kind = kind
    self.plugin = plugin
  }

  /// Adds a component under its name, its aliases and the names of its presets.
  ///
  /// - Throws: `RegistryError` where one of them is taken, or a parameter is declared twice.
  public mutating func register(_ component: Component<Context, Product>) throws(RegistryError) {
    let names = component.allNames
    for (index, name) in names.enumerated() {
      let owner = find(name)?.plugin ?? (names[..<index].contains(name) ? plugin : nil)
      if let owner { throw .duplicateName(kind: kind, name: name, registeredBy: owner, againBy: plugin) }
    }
    var parameters: Set<String> = []
    for name in component.parameters.flatMap({ [$0.name] + $0.aliases })
    where !parameters.insert(name).inserted {
      throw .duplicateParameter(kind: kind, component: component.name, parameter: name, plugin: plugin)
    }
    var component = component
    component.plugin = plugin
    component.kind = kind
    components[component.name] = component
    for name in names { canonicalNames[name] = component.name }
  }

  /// The component called `name`, by its own name, an alias or a preset, which settles an argument.
  public func find(_ name: String) -> Component<Context, Product>? {
    canonicalNames[name].flatMap { components[$0] }?.answering(to: name)
  }

  /// - Parameter location: where the spec names it.
  /// - Throws: where there is none; the message proposes the nearest name, or else lists them all.
  public func find(
    _ name: String, at location: SourceLocation?
  ) throws(Diagnostic) -> Component<Context, Product> {
    if let component = find(name) { return component }
    var hint = suggestion(for: name, among: canonicalNames.keys)
    if hint.isEmpty {
      hint = names.isEmpty ? "; none is registered" : "; known: \(names.joined(separator: ", "))"
    }
    throw Diagnostic(.error, "no \(kind) named '\(name)'\(hint)", at: location)
  }

  /// Names without aliases, in alphabetical order.
  public var names: [String] { components.keys.sorted() }

  /// In alphabetical order of their names.
  public var all: [Component<Context, Product>] { names.compactMap { components[$0] } }

  public var listing: [ComponentListing] { all.map(\.listing) }
}

/// A table whatever its kind.
protocol AnyComponentTable: Sendable {
  var kind: String { get }
  var listing: [ComponentListing] { get }

  /// Finds the component that `spec` names, and checks its arguments.
  func check(_ spec: ComponentSpec) throws
  /// What the component of that name declares; nil where there is none.
  func parameters(of name: String) -> [ParameterDeclaration]?
}

extension ComponentTable: AnyComponentTable {
  func check(_ spec: ComponentSpec) throws { _ = try resolve(spec) }

  func parameters(of name: String) -> [ParameterDeclaration]? { find(name)?.parameters }
}
