extension Node {
  /// This tree with one value replaced. Sections on the way that are missing or empty are made; a mapping in
  /// place of a mapping replaces it whole.
  ///
  /// - Throws: where the path leads through something that has no such place.
  public func applying(_ override: Override) throws(Diagnostic) -> Node {
    try setting(override.path[...], of: override)
  }

  /// This tree with several values replaced, the last one winning.
  ///
  /// - Throws: the faults of all of them.
  public func applying(_ overrides: [Override]) throws(DiagnosticList) -> Node {
    var faults = DiagnosticList()
    var node = self
    for override in overrides {
      do throws(Diagnostic) { node = try node.applying(override) } catch { faults.append(error) }
    }
    try faults.throwErrors()
    return node
  }

  private func setting(_ path: ArraySlice<String>, of override: Override) throws(Diagnostic) -> Node {
    guard let key = path.first else { return override.value }
    let rest = path.dropFirst()
    let way = override.path[..<path.startIndex].joined(separator: ".")
    let place = override.pathLocation ?? override.value.location

    switch value {
    case .mapping(var entries):
      let position = entries.firstIndex { $0.key == key }
      let old = position.map { entries[$0].value } ?? Node(.null, at: place)
      let entry = Entry(
        key: key, keyLocation: position.flatMap { entries[$0].keyLocation } ?? place,
        value: try old.setting(rest, of: override))
      if let position { entries[position] = entry } else { entries.append(entry) }
      return Node(.mapping(entries), at: location)
    case .null:
      let inner = try Node(.null, at: place).setting(rest, of: override)
      return Node(.mapping([Entry(key: key, keyLocation: place, value: inner)]), at: location ?? place)
    case .sequence(var nodes):
      guard let index = Int(key), nodes.indices.contains(index) else {
        let wanted = nodes.isEmpty ? "it is empty" : "its elements are 0 to \(nodes.count - 1)"
        throw Diagnostic(.error, "no element '\(key)' in the list '\(way)'; \(wanted)", at: place)
      }
      nodes[index] = try nodes[index].setting(rest, of: override)
      return Node(.sequence(nodes), at: location)
    default:
      throw Diagnostic(
        .error, "cannot set '\(override.dottedPath)': '\(way)' has no keys, it is \(value)", at: place)
    }
  }
}
