public import Config

/// Where a node of a recipe takes a map from.
public struct MapSource: Sendable, Equatable {
  public enum Reference: Sendable, Equatable {
    /// A node by its number; negative numbers count back from the node that takes, `-1` being the one before.
    case node(Int)
    /// The map of stride 2ⁿ of the part before: `P3` is the backbone's last map of stride 8 for a neck.
    case level(Int)
  }

  public var reference: Reference
  public var location: SourceLocation?

  public init(_ reference: Reference, at location: SourceLocation? = nil) {
    self.reference = reference
    self.location = location
  }

  /// Reads a number or a level's name.
  public init(_ node: Node, named name: String) throws(Diagnostic) {
    switch node.value {
    case .int(let number):
      self.init(.node(number), at: node.location)
    case .string(let text):
      guard text.first == "P", let level = Int(text.dropFirst()), (0...16).contains(level) else {
        throw Diagnostic(
          .error, "'\(name)' must be a node's number or a level such as P3, but is '\(text)'",
          at: node.location)
      }
      self.init(.level(level), at: node.location)
    default:
      throw Diagnostic(
        .error, "'\(name)' must be a node's number or a level such as P3, but is \(node.value)",
        at: node.location)
    }
  }

  /// Reads one source or a list of them.
  public static func list(_ node: Node, named name: String) throws(Diagnostic) -> [MapSource] {
    guard case .sequence(let nodes) = node.value else { return [try MapSource(node, named: name)] }
    guard !nodes.isEmpty else {
      throw Diagnostic(.error, "'\(name)' is empty; give a node's number, such as -1", at: node.location)
    }
    var sources: [MapSource] = []
    for node in nodes { sources.append(try MapSource(node, named: name)) }
    return sources
  }
}

extension MapSource: CustomStringConvertible {
  /// `-1`, `6` or `P3`.
  public var description: String {
    switch reference {
    case .node(let number): String(number)
    case .level(let level): "P\(level)"
    }
  }
}
