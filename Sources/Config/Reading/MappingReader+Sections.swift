extension MappingReader {
  /// Reads the mapping under `key` with a reader of its own, whose faults become this one's. A missing or
  /// empty section is one without keys.
  ///
  /// ```swift
  /// let train = reader.section("train") { train in
  ///   TrainSpec(epochs: train.int("epochs", in: 1...100_000, default: 100))
  /// }
  /// ```
  ///
  /// - Parameter subject: what messages call it; the key by default.
  public mutating func section<Value>(
    _ key: String, of subject: String? = nil, _ read: (inout MappingReader) -> Value
  ) -> Value {
    let node = node(key) ?? Node(.null, at: location)
    return self.read(Node(node.value, at: node.location ?? location), of: subject ?? "'\(key)'", read)
  }

  /// The same; nil where the key is missing or empty.
  public mutating func optionalSection<Value>(
    _ key: String, of subject: String? = nil, _ read: (inout MappingReader) -> Value
  ) -> Value? {
    guard let node = node(key), !node.isNull else { return nil }
    return self.read(node, of: subject ?? "'\(key)'", read)
  }

  /// Reads a mapping with free keys, each of whose values is a mapping: the scales of a model, say.
  ///
  /// - Parameter subject: what messages call the value under a key, like `{ "scale '\($0)'" }`.
  public mutating func sections<Value>(
    _ key: String, of subject: (String) -> String, _ read: (String, inout MappingReader) -> Value
  ) -> [(key: String, value: Value)] {
    guard let node = node(key), !node.isNull else { return [] }
    let entries = collect { try node.mapping(named: key) } ?? []
    return entries.map { entry in
      (entry.key, self.read(entry.value, of: subject(entry.key)) { read(entry.key, &$0) })
    }
  }

  /// Reads a mapping with free keys; `read` turns each value into its final form.
  public mutating func dictionary<Value>(
    _ key: String, _ read: (String, Node) throws -> Value
  ) -> [(key: String, value: Value)] {
    guard let node = node(key), !node.isNull else { return [] }
    let entries = collect { try node.mapping(named: key) } ?? []
    return entries.compactMap { entry in collect { (entry.key, try read(entry.key, entry.value)) } }
  }

  private mutating func read<Value>(
    _ node: Node, of subject: String, _ read: (inout MappingReader) -> Value
  ) -> Value {
    var reader = MappingReader(node, of: subject)
    let value = read(&reader)
    reader.close()
    faults.append(contentsOf: reader.faults)
    return value
  }
}
