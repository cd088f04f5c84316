public import Config
public import PoseCore
public import Tensor

/// A value that a setting of a spec can have.
public protocol SettingValue: Sendable {
  /// - Parameter name: what messages call the setting.
  init(setting node: Node, named name: String) throws(Diagnostic)
  /// As YAML writes it.
  var settingValue: Node.Value { get }
}

extension Bool: SettingValue {
  public init(setting node: Node, named name: String) throws(Diagnostic) {
    self = try node.bool(named: name)
  }
  public var settingValue: Node.Value { .bool(self) }
}

extension Int: SettingValue {
  public init(setting node: Node, named name: String) throws(Diagnostic) { self = try node.int(named: name) }
  public var settingValue: Node.Value { .int(self) }
}

extension UInt64: SettingValue {
  public init(setting node: Node, named name: String) throws(Diagnostic) {
    self = UInt64(try node.int(named: name, in: 0...Int.max))
  }
  public var settingValue: Node.Value { .int(Int(clamping: self)) }
}

extension Double: SettingValue {
  public init(setting node: Node, named name: String) throws(Diagnostic) {
    self = try node.float(named: name)
  }
  public var settingValue: Node.Value { .float(self) }
}

extension String: SettingValue {
  public init(setting node: Node, named name: String) throws(Diagnostic) {
    self = try node.string(named: name)
  }
  public var settingValue: Node.Value { .string(self) }
}

extension Optional: SettingValue where Wrapped: SettingValue {
  public init(setting node: Node, named name: String) throws(Diagnostic) {
    self = node.isNull ? nil : try Wrapped(setting: node, named: name)
  }
  public var settingValue: Node.Value { self?.settingValue ?? .null }
}

extension Array: SettingValue where Element == Int {
  /// One number is a list of one.
  public init(setting node: Node, named name: String) throws(Diagnostic) {
    if case .int(let number) = node.value { self = [number] } else { self = try node.intList(named: name) }
  }
  public var settingValue: Node.Value { .sequence(map { Node(.int($0)) }) }
}

extension ExecutionOptions.CacheOption: SettingValue {
  /// `false` and `true` are other tools' words for `none` and `ram`.
  public init(setting node: Node, named name: String) throws(Diagnostic) {
    switch node.value {
    case .bool(let isOn): self = isOn ? .ram : .none
    case .null: self = .none
    default:
      let text = try node.string(named: name, among: Self.allCases.map(\.rawValue))
      self = Self(rawValue: text) ?? .none
    }
  }
  public var settingValue: Node.Value { .string(rawValue) }
}

extension Precision: SettingValue {
  public init(setting node: Node, named name: String) throws(Diagnostic) {
    let text = try node.string(named: name, among: Self.allCases.map(\.rawValue))
    self = Self(rawValue: text) ?? .float32
  }
  public var settingValue: Node.Value { .string(rawValue) }
}

extension FreezeOptions: SettingValue {
  public init(setting node: Node, named name: String) throws(Diagnostic) {
    switch node.value {
    case .null: self = .none
    case .int: self = .first(try node.int(named: name, in: 0...10_000))
    case .sequence: self = .layers(try node.intList(named: name, each: 0...10_000))
    default:
      throw Diagnostic(
        .error, "'\(name)' must be a number of layers or a list of their numbers, but is \(node.value)",
        at: node.location)
    }
  }

  public var settingValue: Node.Value {
    switch self {
    case .none: .null
    case .first(let count): .int(count)
    case .layers(let list): list.settingValue
    }
  }
}

/// A name, or a mapping of `type` and arguments.
extension ComponentSpec: SettingValue {
  public init(setting node: Node, named name: String) throws(Diagnostic) { try self.init(node, named: name) }

  public var settingValue: Node.Value {
    guard case .mapping(let entries) = arguments.value, hasArguments else { return .string(name) }
    return .mapping([Node.Entry(key: "type", value: Node(.string(name), at: location))] + entries)
  }
}
