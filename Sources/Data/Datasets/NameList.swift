internal import Config

/// Names as dataset YAML files write them: a list, or a mapping from position to name.
enum NameList {
  static func read(_ node: Node, named name: String) throws(Diagnostic) -> [String] {
    guard case .mapping(let entries) = node.value else {
      return try node.list(named: name, count: 1...Int.max) { node, name throws(Diagnostic) in
        try text(node, named: name)
      }
    }
    var names: [Int: String] = [:]
    for entry in entries {
      guard let position = Int(entry.key) else {
        throw Diagnostic(
          .error, "'\(name)' maps positions (0, 1, …) to names, but has the key '\(entry.key)'",
          at: entry.keyLocation ?? node.location)
      }
      names[position] = try text(entry.value, named: "\(name)[\(position)]")
    }
    return try (0..<max(entries.count, 1)).map { position throws(Diagnostic) in
      if let name = names[position] { return name }
      throw Diagnostic(
        .error, "'\(name)' has \(entries.count) entries, but none for \(position); count from 0 without gaps",
        at: node.location)
    }
  }

  /// Digits make a fine name, too.
  private static func text(_ node: Node, named name: String) throws(Diagnostic) -> String {
    if case .int(let number) = node.value { return String(number) }
    let text = try node.string(named: name)
    if text.isEmpty { throw Diagnostic(.error, "'\(name)' is empty", at: node.location) }
    return text
  }
}
