/// Collects the entries of one mapping and resolves its merge key.
struct MappingBuilder {
  private var entries: [Node.Entry] = []
  private var places: [String: SourceLocation] = [:]
  private var duplicates: [Diagnostic] = []
  /// The value of `<<`, and how many entries stand before it.
  private var merge: (node: Node, position: Int)?

  mutating func add(_ key: String, isMerge: Bool, at location: SourceLocation, value: Node) {
    if let first = places.updateValue(location, forKey: key) {
      places[key] = first
      duplicates.append(Diagnostic(.error, "the key '\(key)' is given twice", at: location))
      duplicates.append(Diagnostic(.note, "it was given here first", at: first))
    } else if isMerge {
      merge = (value, entries.count)
    } else {
      entries.append(Node.Entry(key: key, keyLocation: location, value: value))
    }
  }

  /// The entries in the order of the file; merged ones stand where `<<` stood, unless a key is given outright.
  ///
  /// Source: https://yaml.org/type/merge.html
  func finish(_ faults: inout DiagnosticList) -> [Node.Entry] {
    faults.append(contentsOf: DiagnosticList(duplicates))
    guard let merge else { return entries }
    let parents: [Node]
    if case .sequence(let nodes) = merge.node.value { parents = nodes } else { parents = [merge.node] }

    var seen = Set(entries.map(\.key))
    var merged: [Node.Entry] = []
    for parent in parents {
      guard case .mapping(let inherited) = parent.value else {
        faults.append(
          Diagnostic(
            .error, "'<<' takes a mapping or a list of mappings, but gets \(parent.value)",
            at: parent.location))
        continue
      }
      for entry in inherited where seen.insert(entry.key).inserted { merged.append(entry) }
    }
    return Array(entries[..<merge.position]) + merged + Array(entries[merge.position...])
  }
}
