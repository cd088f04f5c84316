public import Config

/// One argument that a component takes. This is the only place that states its type, default and range:
/// decoding, `poselab list`, `poselab describe` and the documentation all read it.
///
/// ```swift
/// [
///   .init("channels", .int(atLeast: 1), help: "output channels"),
///   .init("kernel", .int(1...31), default: 3, help: "kernel size", aliases: ["k"]),
///   .init("padding", .int(atLeast: 0), default: .null, help: "padding; none means half the kernel"),
/// ]
/// ```
public struct ParameterDeclaration: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case bool
    case int(ClosedRange<Int> = .unbounded)
    /// Finite numbers only.
    case float(ClosedRange<Double> = .unbounded)
    /// One of the choices; any text where there are none.
    case string([String] = [])
    case boolList(count: ClosedRange<Int> = 0...Int.max)
    case intList(count: ClosedRange<Int> = 0...Int.max, each: ClosedRange<Int> = .unbounded)
    case floatList(count: ClosedRange<Int> = 0...Int.max, each: ClosedRange<Double> = .unbounded)
    case stringList(count: ClosedRange<Int> = 0...Int.max, each: [String] = [])
    /// Another component, of the kind that is named: its name, or a mapping with its name as `type` and arguments.
    case component(String)
    /// Whatever YAML can say; the component reads the node itself.
    case any

    public static func int(atLeast bound: Int) -> Kind { .int(bound...Int.max) }
    public static func float(atLeast bound: Double) -> Kind { .float(.atLeast(bound)) }
    public static func float(above bound: Double) -> Kind { .float(.above(bound)) }

    /// One of the raw values of `cases`; read it with `Arguments.choice`.
    public static func choice<Choice>(of cases: Choice.Type) -> Kind
    where Choice: CaseIterable & RawRepresentable<String> {
      .string(cases.allCases.map(\.rawValue))
    }
  }

  public var name: String
  public var kind: Kind
  /// Nil where the argument must be given. `.null` means the argument may be left empty, and is by default.
  public var defaultValue: Node.Value?
  /// One line: what it does, and in which unit.
  public var help: String
  /// Other names it may be given under.
  public var aliases: [String]

  public init(
    _ name: String, _ kind: Kind, default defaultValue: Node.Value? = nil, help: String,
    aliases: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.help = help
    self.aliases = aliases
  }

  public var isRequired: Bool { defaultValue == nil }
  /// Whether `null` (Python's `None`) is a legal value.
  public var acceptsNull: Bool { defaultValue == .null || kind == .any }
}
