public import Config

/// What a spec says of a backbone, neck or head.
public enum PartSpec: Sendable {
  /// A list of registered layers.
  case recipe([RecipeEntry], location: SourceLocation?)
  /// A registered component.
  case named(NamedPart)

  /// Reads a list of recipe lines, a name, or a mapping with `type`, `from` and the component's arguments.
  public init(_ node: Node, named key: String) throws(DiagnosticList) {
    if case .mapping(let entries) = node.value, MergeRules().isEdit(node, at: key) {
      throw DiagnosticList([
        Diagnostic(
          .error,
          "'\(key)' edits a list ('\(entries[0].key)'), but there is none: 'extends' names no file with one",
          at: entries[0].keyLocation ?? node.location)
      ])
    }
    if case .sequence = node.value {
      self = .recipe(try RecipeEntry.list(node, named: key), location: node.location)
    } else {
      do throws(Diagnostic) {
        self = .named(try NamedPart(node, named: key))
      } catch {
        throw DiagnosticList([error])
      }
    }
  }
}

/// A registered backbone, neck or head with its arguments.
public struct NamedPart: Sendable {
  public var component: ComponentSpec
  /// The maps it takes (`from`); nil means those that the part before gives.
  public var sources: [MapSource]?

  public init(_ component: ComponentSpec, sources: [MapSource]? = nil) {
    self.component = component
    self.sources = sources
  }

  /// Reads a name, or a mapping with `type`, `from` and the component's arguments.
  public init(_ node: Node, named key: String) throws(Diagnostic) {
    var component = try ComponentSpec(node, named: key)
    if let from = node["from"] {
      component.arguments = component.arguments.removing("from")
      if !from.isNull { sources = try MapSource.list(from, named: "from") }
    }
    self.component = component
  }
}
