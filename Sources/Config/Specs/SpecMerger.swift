/// Lays specs over each other.
///
/// Mappings are merged key by key, and everything else is replaced, but for what `MergeRules` says: a mapping that
/// names another `type` takes the place of the one below whole, a mapping over a name adds arguments to it, and a
/// mapping of edits changes the list below.
public struct SpecMerger {
  public let rules: MergeRules
  /// Edits that cannot be made.
  public private(set) var faults = DiagnosticList()

  public init(_ rules: MergeRules) { self.rules = rules }

  /// - Parameter path: the keys on the way to both, joined by dots; empty for whole files.
  public mutating func merge(_ below: Node, _ above: Node, at path: String = "") -> Node {
    guard case .mapping(let added) = above.value else { return above }
    let below = expanded(below, under: above, at: path)
    switch below.value {
    case .sequence where rules.changesList(above, at: path):
      return edit(below, above, at: path)
    case .mapping(let entries):
      if below["type"] == nil, rules.isEdit(below, at: path) || rules.isEdit(above, at: path) {
        return steps(below, above)
      }
      if startsAfresh(above, over: below, at: path) { return above }
      return merge(entries, added, of: below, above, at: path)
    default:
      return above
    }
  }

  /// The list that comes of edits which no file has given a list for.
  public mutating func edit(_ list: Node, _ edits: Node, at path: String) -> Node {
    var editor = ListEditor(list: list, path: path, rules: rules)
    editor.apply(edits)
    faults.append(contentsOf: editor.faults)
    return Node(.sequence(editor.elements), at: list.location ?? edits.location)
  }

  private mutating func merge(
    _ below: [Node.Entry], _ above: [Node.Entry], of lower: Node, _ upper: Node, at path: String
  ) -> Node {
    var entries = below
    var positions: [String: Int] = [:]
    for (position, entry) in entries.enumerated() { positions[entry.key] = position }
    for entry in above {
      if let position = positions[entry.key] {
        let inner = path.isEmpty ? entry.key : "\(path).\(entry.key)"
        let value = merge(entries[position].value, entry.value, at: inner)
        entries[position] = Node.Entry(key: entry.key, keyLocation: entry.keyLocation, value: value)
      } else {
        entries.append(entry)
      }
    }
    return Node(.mapping(entries), at: upper.location ?? lower.location)
  }

  /// What stands alone, as the mapping or list that it is short for.
  private func expanded(_ below: Node, under above: Node, at path: String) -> Node {
    if rules.namedLists.contains(path), rules.changesList(above, at: path) {
      switch below.value {
      case .string: return Node(.sequence([below]), at: below.location)
      case .mapping where below["type"] != nil: return Node(.sequence([below]), at: below.location)
      default: return below
      }
    }
    guard case .string = below.value, let key = rules.shorthand(path) else { return below }
    return below.asMapping(under: key)
  }

  /// Arguments belong to what is named beside them: another name leaves the old ones behind.
  private func startsAfresh(_ above: Node, over below: Node, at path: String) -> Bool {
    if let keys = rules.alternatives[path] {
      let added = keys.filter { above[$0] != nil }
      if !added.isEmpty && !keys.contains(where: { below[$0] != nil && added.contains($0) }) { return true }
    }
    let key = rules.shorthand(path) ?? "type"
    guard let name = above[key] else { return false }
    return below[key].map { $0 != name } ?? false
  }

  /// Edits upon edits wait together for the list.
  private func steps(_ below: Node, _ above: Node) -> Node {
    func list(_ node: Node) -> [Node] {
      if case .mapping(let entries) = node.value, entries.count == 1, entries[0].key == "steps",
        case .sequence(let nodes) = entries[0].value.value
      {
        return nodes
      }
      return [node]
    }
    let steps = Node(.sequence(list(below) + list(above)), at: above.location)
    return Node(
      .mapping([Node.Entry(key: "steps", keyLocation: above.location, value: steps)]), at: above.location)
  }
}

extension Node {
  /// `{key: this}`.
  public func asMapping(under key: String) -> Node {
    Node(.mapping([Entry(key: key, keyLocation: location, value: self)]), at: location)
  }

  /// This value with `overlay` laid over it: mappings are merged key by key, everything else is replaced.
  ///
  /// Every value keeps the place it came from. Keys keep this mapping's order; new ones follow.
  public func merging(_ overlay: Node) -> Node {
    guard case .mapping(let below) = value, case .mapping(let above) = overlay.value else { return overlay }
    var entries = below
    for entry in above {
      if let position = entries.firstIndex(where: { $0.key == entry.key }) {
        let merged = entries[position].value.merging(entry.value)
        entries[position] = Entry(key: entry.key, keyLocation: entry.keyLocation, value: merged)
      } else {
        entries.append(entry)
      }
    }
    return Node(.mapping(entries), at: overlay.location ?? location)
  }

  /// This mapping without one of its keys.
  public func removing(_ key: String) -> Node {
    guard case .mapping(let entries) = value else { return self }
    return Node(.mapping(entries.filter { $0.key != key }), at: location)
  }
}
