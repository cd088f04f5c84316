/// A fault in a plugin's registration: its author's to mend.
public enum RegistryError: Error, Sendable, Equatable {
  case duplicateName(kind: String, name: String, registeredBy: String, againBy: String)
  case duplicateParameter(kind: String, component: String, parameter: String, plugin: String)
}

extension RegistryError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .duplicateName(let kind, let name, let first, let second):
      first == second
        ? "plugin '\(second)' registers the \(kind) '\(name)' twice"
        : "plugin '\(second)' registers the \(kind) '\(name)', which plugin '\(first)' has registered before"
    case .duplicateParameter(let kind, let component, let parameter, let plugin):
      "plugin '\(plugin)' declares the parameter '\(parameter)' of the \(kind) '\(component)' twice"
    }
  }
}
