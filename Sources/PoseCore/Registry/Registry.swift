/// Everything a spec can name. A value: two registries never share anything.
///
/// To add a kind of component, give the registry a computed property that gets and sets `self[kind]`:
///
/// ```swift
/// public var necks: ComponentTable<NeckContext, any Neck> {
///   get { self["neck"] }
///   set { self["neck"] = newValue }
/// }
/// ```
public struct Registry: Sendable {
  /// The plugin that is being installed; empty in between.
  public private(set) var currentPlugin = ""
  /// The installed plugins, in order.
  public private(set) var plugins: [String] = []
  private var tables: [String: any AnyComponentTable] = [:]

  public init() {}

  /// Registers all components of `plugin`. Where that fails, the registry stays as it was.
  public mutating func install(_ plugin: any Plugin.Type) throws {
    var extended = self
    extended.currentPlugin = plugin.name
    try plugin.register(in: &extended)
    extended.currentPlugin = currentPlugin
    extended.plugins.append(plugin.name)
    self = extended
  }

  /// All components, ordered by kind and name.
  public var listing: [ComponentListing] {
    tables.values.sorted { $0.kind < $1.kind }.flatMap(\.listing)
  }

  /// The table of a kind that plugins have registered components of.
  func table(_ kind: String) -> (any AnyComponentTable)? { tables[kind] }

  /// The table of one kind. A plugin may keep kinds of its own here, too.
  public subscript<Context, Product>(kind: String) -> ComponentTable<Context, Product> {
    get {
      var table =
        tables[kind] as? ComponentTable<Context, Product> ?? ComponentTable<Context, Product>(kind: kind)
      table.plugin = currentPlugin
      return table
    }
    set { tables[kind] = newValue }
  }
}
