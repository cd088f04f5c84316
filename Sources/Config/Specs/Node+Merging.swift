extension Node {
  /// This value with `overlay` laid over it: mappings are merged key by key, everything else is replaced.
  ///
  /// Every value keeps the place it came from. Keys keep this mapping's order; new ones follow.
  public func merging(_ overlay: Node) -> Node {
    guard case .mapping(let below) = value, case .mapping(let above) = overlay.value else { return overlay }
    var entries = below
    var positions: [String: Int] = [:]
    for (position, entry) in entries.enumerated() { positions[entry.key] = position }
    for entry in above {
      if let position = positions[entry.key] {
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
