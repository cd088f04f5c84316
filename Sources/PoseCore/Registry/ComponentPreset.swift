public import Config

/// A name that stands for a component with one argument settled: `resnet50` for `resnet` with `depth: 50`.
///
/// What is said of the component in listings stays that of the component; the name is one of its aliases there.
public struct ComponentPreset: Sendable {
  public var name: String
  public var parameter: String
  public var value: Node.Value

  public init(_ name: String, _ parameter: String, _ value: Node.Value) {
    self.name = name
    self.parameter = parameter
    self.value = value
  }
}

extension ParameterDeclaration {
  /// Makes `value` the default and the only legal value.
  mutating func settle(_ value: Node.Value) {
    defaultValue = value
    switch (kind, value) {
    case (.int, .int(let number)): kind = .int(number...number)
    case (.string, .string(let text)): kind = .string([text])
    default: break
    }
  }
}
