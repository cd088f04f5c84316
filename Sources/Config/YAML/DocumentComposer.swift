/// Builds the tree of one document from its events.
struct DocumentComposer {
  private enum Anchor {
    /// Its value is still being read.
    case open
    case complete(Composed)
  }

  private struct Composed {
    var node: Node
    /// Values in it, aliases expanded.
    var count: Int
    /// Levels of mappings and lists below and including it.
    var height: Int
  }

  private let reader: YAMLEventReader
  private let limits: DocumentLimits
  private var anchors: [String: Anchor] = [:]
  private var count = 0
  /// Faults that leave the rest readable.
  private var faults = DiagnosticList()

  static func compose(_ source: SourceText, limits: DocumentLimits) throws(DiagnosticList) -> Node {
    var composer = try DocumentComposer(reader: YAMLEventReader(source), limits: limits)
    do throws(DiagnosticList) {
      let root = try composer.document(in: source)
      composer.faults.sort()
      try composer.faults.throwErrors()
      return root
    } catch {
      // A fatal fault comes after those collected on the way to it.
      if error == composer.faults { throw error }
      composer.faults.sort()
      throw DiagnosticList(composer.faults.diagnostics + error.diagnostics)
    }
  }

  private init(reader: YAMLEventReader, limits: DocumentLimits) {
    self.reader = reader
    self.limits = limits
  }

  private mutating func document(in source: SourceText) throws(DiagnosticList) -> Node {
    let start = try reader.next()
    guard case .documentStart = start.kind else {
      return Node(.null, at: SourceLocation(in: source, line: 1, column: 1))
    }
    let root = try compose(reader.next(), depth: 0).node
    _ = try reader.next()
    let end = try reader.next()
    guard case .streamEnd = end.kind else {
      throw fatal("a second document starts here; a file may hold only one", at: end.location)
    }
    return root
  }

  private mutating func compose(_ event: YAMLEvent, depth: Int) throws(DiagnosticList) -> Composed {
    if case .alias(let name) = event.kind { return try expand(name, at: event.location, depth: depth) }
    let before = count
    try add(1, at: event.location)
    if let anchor = event.anchor { anchors[anchor] = .open }

    let node: Node
    var height = 0
    switch event.kind {
    case .scalar(let text, let isPlain):
      node = Node(scalar(text, isPlain: isPlain, event), at: event.location)
    case .sequenceStart:
      (node, height) = try sequence(event, depth: depth + 1)
    case .mappingStart:
      (node, height) = try mapping(event, depth: depth + 1)
    default:
      throw fatal("a value is missing here", at: event.location)
    }
    let composed = Composed(node: node, count: count - before, height: height)
    if let anchor = event.anchor { anchors[anchor] = .complete(composed) }
    return composed
  }

  private mutating func expand(
    _ name: String, at location: SourceLocation, depth: Int
  ) throws(DiagnosticList) -> Composed {
    switch anchors[name] {
    case .complete(let composed)?:
      try add(composed.count, at: location)
      try check(depth: depth + composed.height, at: location)
      return composed
    case .open?:
      throw fatal("the alias '*\(name)' stands inside of its own anchor", at: location)
    case nil:
      let hint = suggestion(for: name, among: anchors.keys)
      throw fatal("the alias '*\(name)' has no anchor '&\(name)' before it\(hint)", at: location)
    }
  }

  private mutating func sequence(
    _ event: YAMLEvent, depth: Int
  ) throws(DiagnosticList) -> (Node, height: Int) {
    try check(depth: depth, at: event.location)
    checkTag(of: event, is: "seq")
    var nodes: [Node] = []
    var height = 0
    var end = event.location
    while true {
      let next = try reader.next()
      end = next.location
      if case .sequenceEnd = next.kind { break }
      let composed = try compose(next, depth: depth)
      nodes.append(composed.node)
      height = max(height, composed.height)
    }
    return (Node(.sequence(nodes), at: event.location.extended(to: end)), height + 1)
  }

  private mutating func mapping(
    _ event: YAMLEvent, depth: Int
  ) throws(DiagnosticList) -> (Node, height: Int) {
    try check(depth: depth, at: event.location)
    checkTag(of: event, is: "map")
    var builder = MappingBuilder()
    var height = 0
    var end = event.location
    while true {
      let next = try reader.next()
      end = next.location
      if case .mappingEnd = next.kind { break }
      let key = try key(next, depth: depth)
      let value = try compose(reader.next(), depth: depth)
      height = max(height, value.height)
      if let key { builder.add(key, isMerge: next.isMergeKey, at: next.location, value: value.node) }
    }
    let node = Node(.mapping(builder.finish(&faults)), at: event.location.extended(to: end))
    return (node, height + 1)
  }

  /// The text of a key. A key that is no text is a fault; its value is read all the same.
  private mutating func key(_ event: YAMLEvent, depth: Int) throws(DiagnosticList) -> String? {
    let composed = try compose(event, depth: depth)
    let text: String? =
      switch (event.kind, composed.node.value) {
      case (.scalar(let text, _), _), (_, .string(let text)): text
      default: nil
      }
    if let text, text.unicodeScalars.count <= limits.keyLength { return text }
    if text != nil {
      let message = "a key may have \(limits.keyLength) letters at most"
      faults.append(Diagnostic(.error, message, at: event.location))
      return nil
    }
    faults.append(Diagnostic(.error, "a key must be a single word or number", at: event.location))
    return nil
  }

  private mutating func scalar(_ text: String, isPlain: Bool, _ event: YAMLEvent) -> Node.Value {
    guard let tag = event.tag else {
      return isPlain ? ScalarResolver.resolve(text) : .string(text)
    }
    let resolved = ScalarResolver.resolve(text)
    switch (tag, resolved) {
    case ("tag:yaml.org,2002:str", _): return .string(text)
    case ("tag:yaml.org,2002:int", .int), ("tag:yaml.org,2002:float", .float),
      ("tag:yaml.org,2002:bool", .bool), ("tag:yaml.org,2002:null", .null):
      return resolved
    case ("tag:yaml.org,2002:float", .int(let value)): return .float(Double(value))
    case ("tag:yaml.org,2002:int", _), ("tag:yaml.org,2002:float", _), ("tag:yaml.org,2002:bool", _),
      ("tag:yaml.org,2002:null", _):
      let type = tag.split(separator: ":").last ?? ""
      faults.append(Diagnostic(.error, "\(resolved) does not fit its tag '!!\(type)'", at: event.location))
      return .null
    default:
      rejectTag(tag, at: event.location)
      return .null
    }
  }

  private mutating func checkTag(of event: YAMLEvent, is type: String) {
    guard let tag = event.tag, tag != "tag:yaml.org,2002:\(type)" else { return }
    rejectTag(tag, at: event.location)
  }

  private mutating func rejectTag(_ tag: String, at location: SourceLocation) {
    let prefix = "tag:yaml.org,2002:"
    let name = tag.hasPrefix(prefix) ? "!!\(tag.dropFirst(prefix.count))" : tag
    faults.append(
      Diagnostic(.error, "the tag '\(name)' is not allowed here; specs are plain data", at: location))
  }

  private mutating func add(_ nodes: Int, at location: SourceLocation) throws(DiagnosticList) {
    count += nodes
    if count > limits.nodes {
      throw fatal("with all aliases expanded, there are more than \(limits.nodes) values here", at: location)
    }
  }

  private func check(depth: Int, at location: SourceLocation) throws(DiagnosticList) {
    if depth > limits.depth {
      throw fatal("mappings and lists are nested more than \(limits.depth) levels deep", at: location)
    }
  }

  private func fatal(_ message: String, at location: SourceLocation) -> DiagnosticList {
    DiagnosticList([Diagnostic(.error, message, at: location)])
  }
}

extension YAMLEvent {
  fileprivate var isMergeKey: Bool {
    if case .scalar("<<", isPlain: true) = kind { tag == nil } else { false }
  }
}

extension SourceLocation {
  /// Underlines a flow collection up to its bracket; a block collection just where it starts.
  fileprivate func extended(to end: SourceLocation) -> SourceLocation {
    guard let source, length == 1, end.line >= line, end.length == 1,
      let first = lineText?.unicodeScalars.dropFirst(column - 1).first, first == "[" || first == "{"
    else { return self }
    let last = end.line == line ? end.column : source.line(line)?.unicodeScalars.count ?? column
    return SourceLocation(in: source, line: line, column: column, length: max(1, last + 1 - column))
  }
}
