public import Config
public import PoseCore

/// One value of an experiment spec: where it stands in a file, what the command line calls it, what it may be.
///
/// The table of all settings is the only place that states this: decoding, overrides, `--help`, the resolved spec
/// and the documentation read it. Defaults are those of `ExperimentSpec()`.
public struct Setting: Sendable {
  /// Heading under which help shows a setting.
  public enum Group: String, Sendable, CaseIterable {
    case training = "Training"
    case optimizer = "Optimiser"
    case augmentation = "Augmentation"
    case loss = "Loss"
    case validation = "Validation"
    case prediction = "Prediction"
    case run = "Run folder"
    case machine = "Machine"
  }

  /// The flat name: `epochs`.
  public var name: String { declaration.name }
  /// The place in the file, keys joined by dots: `train.epochs`.
  public let path: String
  public let group: Group
  /// Type, range, default and one line of help.
  public let declaration: ParameterDeclaration
  /// Nil for an argument of a component, which is checked with the component.
  private let binding: Binding?

  /// The closures have a struct of their own, like factories of components.
  private struct Binding: Sendable {
    let read: @Sendable (Node, inout ExperimentSpec) throws(Diagnostic) -> Void
    let write: @Sendable (ExperimentSpec) -> Node.Value
  }

  init<Value: SettingValue>(
    _ path: String, _ group: Group, _ key: WritableKeyPath<ExperimentSpec, Value> & Sendable,
    _ kind: ParameterDeclaration.Kind = .any, called name: String? = nil, help: String, aliases: [String] = []
  ) {
    let name = name ?? String(path[(path.lastIndex(of: ".").map(path.index(after:)) ?? path.startIndex)...])
    self.path = path
    self.group = group
    declaration = ParameterDeclaration(
      name, kind, default: ExperimentSpec.defaults[keyPath: key].settingValue, help: help, aliases: aliases)
    binding = Binding(
      read: { node, spec throws(Diagnostic) in
        spec[keyPath: key] = try Value(setting: node, named: name)
      },
      write: { $0[keyPath: key].settingValue })
  }

  /// An argument of the component that a section names: `loss.box`.
  init(
    argument path: String, _ group: Group, _ kind: ParameterDeclaration.Kind, default value: Node.Value,
    help: String
  ) {
    self.path = path
    self.group = group
    declaration = ParameterDeclaration(
      String(path.drop { $0 != "." }.dropFirst()), kind, default: value, help: help)
    binding = nil
  }

  /// Whether it belongs to the component that its section names.
  public var isArgument: Bool { binding == nil }

  /// The section of the file, `train`, and the key in it.
  public var section: String { String(path.prefix { $0 != "." }) }
  public var key: String { String(path.dropFirst(section.count + 1)) }

  /// Checks `node` and stores its value.
  func apply(_ node: Node, to spec: inout ExperimentSpec) throws(Diagnostic) {
    try binding?.read(try declaration.checked(node), &spec)
  }

  /// The value that `spec` has; nil for arguments of components.
  public func value(in spec: ExperimentSpec) -> Node.Value? { binding?.write(spec) }
}
