public import Config
public import PoseCore

/// The loggers that an experiment names under `log.loggers`.
public struct LoggerList: Sendable, Equatable {
  public var components: [ComponentSpec]

  public init(_ components: [ComponentSpec] = []) { self.components = components }
}

/// A name, a mapping of `type` and arguments, or a list of these.
extension LoggerList: SettingValue {
  public init(setting node: Node, named name: String) throws(Diagnostic) {
    switch node.value {
    case .null: self.init()
    case .sequence:
      let list = try node.list(named: name, count: 0...100) { node, name throws(Diagnostic) in
        try ComponentSpec(node, named: name)
      }
      self.init(list)
    default: self.init([try ComponentSpec(node, named: name)])
    }
  }

  public var settingValue: Node.Value {
    .sequence(components.map { Node($0.settingValue, at: $0.location) })
  }
}
