public import Config

/// One thing a spec can name: a layer, a neck, an augmentation …, with all that is said of it to the user,
/// and the function that builds it.
///
/// `Context` is what the builder needs besides the arguments (input shapes, the skeleton, a seed);
/// `Product` is what it builds.
public struct Component<Context, Product>: Sendable {
  public typealias Builder = @Sendable (Arguments, Context) throws -> Product

  /// The closure has a struct of its own: a typed-throwing closure literal assigned straight into a
  /// dictionary crashes the 6.3.1 compiler.
  private struct Factory: Sendable {
    let build: Builder
  }

  public private(set) var name: String
  /// Other names it answers to, like `nn.Upsample` for `Upsample`.
  public let aliases: [String]
  /// Names that stand for the component with one argument settled, like `resnet50` for `resnet` of depth 50.
  public let presets: [ComponentPreset]
  /// One line.
  public let summary: String
  /// The paper or code it comes from; empty for common knowledge.
  public let reference: String
  public private(set) var parameters: [ParameterDeclaration]
  /// The plugin that brought it; set by the registry.
  public internal(set) var plugin = ""
  /// `layer`, `neck` …; set by the registry.
  public internal(set) var kind = "component"
  private let factory: Factory

  public init(
    _ name: String, aliases: [String] = [], presets: [ComponentPreset] = [], summary: String,
    reference: String = "", parameters: [ParameterDeclaration] = [], make: @escaping Builder
  ) {
    self.name = name
    self.aliases = aliases
    self.presets = presets
    self.summary = summary
    self.reference = reference
    self.parameters = parameters
    factory = Factory(build: make)
  }

  /// Checks the arguments that a spec gives: a mapping, a list by position, or nothing.
  ///
  /// - Parameters:
  ///   - symbols: names that stand for a value in recipes: `nc`, `kpt_shape`.
  ///   - location: where the component is named, for arguments that are missing.
  public func arguments(
    _ node: Node?, symbols: [String: Node.Value] = [:], at location: SourceLocation? = nil
  ) throws(DiagnosticList) -> Arguments {
    try Arguments(
      decoding: node, of: "\(kind) '\(name)'", parameters: parameters, symbols: symbols, at: location)
  }

  /// Every name it answers to.
  var allNames: [String] { [name] + aliases + presets.map(\.name) }

  /// The component as one of its names means it: under a preset's, the argument is settled.
  func answering(to name: String) -> Component {
    guard let preset = presets.first(where: { $0.name == name }) else { return self }
    var copy = self
    copy.name = name
    for index in parameters.indices where parameters[index].name == preset.parameter {
      copy.parameters[index].settle(preset.value)
    }
    return copy
  }

  /// Builds the component.
  ///
  /// - Throws: what the builder throws; diagnostics without a place get that of the component.
  public func make(_ arguments: Arguments, _ context: Context) throws -> Product {
    do {
      return try factory.build(arguments, context)
    } catch let diagnostic as Diagnostic {
      throw diagnostic.located(at: arguments.location)
    } catch let list as DiagnosticList {
      throw DiagnosticList(list.diagnostics.map { $0.located(at: arguments.location) })
    }
  }

  public var listing: ComponentListing {
    ComponentListing(
      kind: kind, name: name, aliases: aliases + presets.map(\.name), summary: summary, reference: reference,
      parameters: parameters, plugin: plugin)
  }
}
