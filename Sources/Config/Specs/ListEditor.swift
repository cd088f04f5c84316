/// Changes a list as a mapping of edits says, in the order in which they are written:
///
/// ```yaml
/// augment:
///   append: [blur, { type: noise, p: 0.2 }]   # at the end; 'prepend' at the start
///   before: { flip_lr: erase }                # or 'after'
///   remove: [mixup]
///   replace: { hsv: brightness_contrast }
///   affine: { degrees: 10 }                   # arguments of the element of that name
///   0: hsv                                    # the element at that position
/// ```
///
/// Elements are addressed by name, or by position, counted from 0.
struct ListEditor {
  private(set) var elements: [Node]
  let path: String
  let rules: MergeRules
  private(set) var faults = DiagnosticList()

  init(list: Node, path: String, rules: MergeRules) {
    if case .sequence(let nodes) = list.value { elements = nodes } else { elements = [] }
    self.path = path
    self.rules = rules
  }

  /// Most elements and edits; addressing each of more by name would take for ever.
  private static let limit = 1000

  mutating func apply(_ edits: Node) {
    guard case .mapping(let entries) = edits.value else {
      return report(
        "an edit of the list '\(path)' must be a mapping, but is \(edits.value)", at: edits.location)
    }
    guard elements.count <= Self.limit, entries.count <= Self.limit else {
      return report(
        "the list '\(path)' cannot be edited: it, or what changes it, has more than \(Self.limit) elements",
        at: edits.location)
    }
    for entry in entries { apply(entry) }
  }

  private mutating func apply(_ entry: Node.Entry) {
    let value = entry.value
    switch entry.key {
    case "append": elements += parts(of: value)
    case "prepend": elements = parts(of: value) + elements
    case "remove": remove(value)
    case "replace":
      for change in mapping(entry) {
        guard let position = position(of: change.key, at: change.keyLocation) else { continue }
        elements[position] = renamed(change.value, like: elements[position])
      }
    case "before", "after":
      for change in mapping(entry) {
        guard let position = position(of: change.key, at: change.keyLocation) else { continue }
        elements.insert(
          contentsOf: parts(of: change.value), at: entry.key == "before" ? position : position + 1)
      }
    case "steps":
      guard case .sequence(let steps) = value.value else {
        return report("'steps' must be a list of edits, but is \(value.value)", at: value.location)
      }
      for step in steps.prefix(Self.limit) { apply(step) }
    default: change(entry)
    }
  }

  // MARK: Elements

  /// One element or several; elements that are lists themselves come as a list of lists.
  private func parts(of node: Node) -> [Node] {
    guard case .sequence(let nodes) = node.value else { return node.isNull ? [] : [node] }
    if let first = elements.first, case .sequence = first.value {
      let areLists = nodes.allSatisfy { if case .sequence = $0.value { true } else { false } }
      return areLists ? nodes : [node]
    }
    return nodes
  }

  /// Arguments alone are those of the element they replace.
  private func renamed(_ node: Node, like old: Node) -> Node {
    guard case .mapping(let entries) = node.value, node["type"] == nil, let name = Self.name(of: old) else {
      return node
    }
    return Node(.mapping([Node.Entry(key: "type", value: name)] + entries), at: node.location)
  }

  private mutating func remove(_ value: Node) {
    let names: ArraySlice<Node> =
      if case .sequence(let nodes) = value.value { nodes.prefix(Self.limit) } else { [value] }
    // Positions are those before anything is removed.
    var gone: Set<Int> = []
    for node in names {
      switch node.value {
      case .int(let position):
        if let position = self.position(position, at: node.location) { gone.insert(position) }
      case .string(let name):
        let found = positions(of: name)
        if found.isEmpty { reportUnknown(name, at: node.location) }
        gone.formUnion(found)
      default: report("'remove' takes names or positions, but gets \(node.value)", at: node.location)
      }
    }
    elements = elements.indices.filter { !gone.contains($0) }.map { elements[$0] }
  }

  /// Sets arguments of one element.
  private mutating func change(_ entry: Node.Entry) {
    if let number = Int(entry.key), positions(of: entry.key).isEmpty { return change(number, entry) }
    guard case .mapping(let arguments) = entry.value.value else { return set(entry) }
    guard let position = position(of: entry.key, or: MergeRules.verbs, at: entry.keyLocation) else { return }
    for argument in arguments { set(argument.key, argument.value, argument.keyLocation, ofElement: position) }
  }

  /// Sets the element at a position, a part of it where it is a list itself, or arguments of it.
  private mutating func change(_ number: Int, _ entry: Node.Entry) {
    guard let position = position(number, at: entry.keyLocation) else { return }
    guard case .mapping(let parts) = entry.value.value, entry.value["type"] == nil else {
      return elements[position] = entry.value
    }
    if case .sequence = elements[position].value {
      var inner = ListEditor(list: elements[position], path: "\(path).\(number)", rules: MergeRules())
      inner.apply(entry.value)
      faults.append(contentsOf: inner.faults)
      elements[position] = Node(.sequence(inner.elements), at: elements[position].location)
    } else {
      for part in parts { set(part.key, part.value, part.keyLocation, ofElement: position) }
    }
  }

  /// A plain value: the argument that its key is known to stand for.
  private mutating func set(_ entry: Node.Entry) {
    let place = entry.keyLocation ?? entry.value.location
    guard let (name, argument) = rules.place(path, entry.key) else {
      if !positions(of: entry.key).isEmpty {
        return report(
          "'\(path).\(entry.key)' must be a mapping of arguments, but is \(entry.value.value)",
          at: entry.value.location ?? place)
      }
      return reportUnknown(entry.key, or: MergeRules.verbs + rules.placeKeys(path), at: place)
    }
    guard let position = positions(of: name).first else {
      return report(
        "the list under '\(path)' has no '\(name)'; add it there to set '\(entry.key)'", at: place)
    }
    set(argument, entry.value, entry.keyLocation, ofElement: position)
  }

  private mutating func set(
    _ argument: String, _ value: Node, _ location: SourceLocation?, ofElement position: Int
  ) {
    var element = elements[position]
    guard let name = Self.name(of: element), case .string(let text) = name.value else {
      return report("element \(position) of the list '\(path)' has no arguments", at: location)
    }
    if case .string = element.value { element = element.asMapping(under: "type") }
    let names = rules.argumentNames(path, rules.canonicalName(path, text), argument)
    for other in names where other != argument { element = element.removing(other) }
    guard case .mapping(var entries) = element.value else { return }
    let entry = Node.Entry(key: argument, keyLocation: location, value: value)
    if let index = entries.firstIndex(where: { $0.key == argument }) {
      entries[index] = entry
    } else {
      entries.append(entry)
    }
    elements[position] = Node(.mapping(entries), at: element.location)
  }

  // MARK: Addresses

  /// The name of an element: itself, or its `type`.
  private static func name(of element: Node) -> Node? {
    switch element.value {
    case .string: element
    case .mapping: element["type"].flatMap { if case .string = $0.value { $0 } else { nil } }
    default: nil
    }
  }

  private func positions(of name: String) -> [Int] {
    let wanted = rules.canonicalName(path, name)
    return elements.indices.filter { index in
      guard case .string(let text)? = Self.name(of: elements[index])?.value else { return false }
      return text == name || rules.canonicalName(path, text) == wanted
    }
  }

  /// The one element of that name or position.
  private mutating func position(
    of name: String, or others: [String] = [], at location: SourceLocation?
  ) -> Int? {
    let found = positions(of: name)
    if found.count == 1 { return found[0] }
    if found.isEmpty {
      if let number = Int(name) { return position(number, at: location) }
      reportUnknown(name, or: others, at: location)
    } else {
      let places = found.map(String.init).joined(separator: ", ")
      report(
        "the list '\(path)' has '\(name)' \(found.count) times; give a position instead: \(places)",
        at: location)
    }
    return nil
  }

  private mutating func position(_ number: Int, at location: SourceLocation?) -> Int? {
    if elements.indices.contains(number) { return number }
    let wanted = elements.isEmpty ? "it is empty" : "its elements are 0 to \(elements.count - 1)"
    report("no element \(number) in the list '\(path)'; \(wanted)", at: location)
    return nil
  }

  // MARK: Faults

  private mutating func mapping(_ entry: Node.Entry) -> [Node.Entry] {
    if case .mapping(let entries) = entry.value.value { return entries }
    report(
      "'\(entry.key)' must say which element of '\(path)' is meant, {name: …}, but is \(entry.value.value)",
      at: entry.value.location)
    return []
  }

  private mutating func reportUnknown(_ name: String, or others: [String] = [], at location: SourceLocation?)
  {
    let known = elements.compactMap { element -> String? in
      if case .string(let text)? = Self.name(of: element)?.value { text } else { nil }
    }
    var hint = suggestion(for: name, among: known + others)
    if hint.isEmpty {
      hint = known.isEmpty ? "; it has no names" : "; it has \(known.joined(separator: ", "))"
    }
    report("no '\(name)' in the list '\(path)'\(hint)", at: location)
  }

  private mutating func report(_ message: String, at location: SourceLocation?) {
    faults.append(Diagnostic(.error, message, at: location))
  }
}
