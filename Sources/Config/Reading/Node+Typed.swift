// Strict typed reading of one value. `name` is what the value is called in the message of a fault.

extension Node {
  /// - Throws: where this is neither `true` nor `false`.
  public func bool(named name: String) throws(Diagnostic) -> Bool {
    switch value {
    case .bool(let value): return value
    // YAML 1.1 took these for truth values.
    case .string("yes"), .string("Yes"), .string("on"), .string("On"):
      throw mismatch(name, "true or false", hint: "; write true")
    case .string("no"), .string("No"), .string("off"), .string("Off"):
      throw mismatch(name, "true or false", hint: "; write false")
    default: throw mismatch(name, "true or false")
    }
  }

  /// - Throws: where this is no whole number, or one outside `range`.
  public func int(named name: String, in range: ClosedRange<Int> = .unbounded) throws(Diagnostic) -> Int {
    guard case .int(let value) = value, range.contains(value) else {
      throw mismatch(name, "a whole number\(range.limits)")
    }
    return value
  }

  /// - Throws: where this is no finite number, or one outside `range`.
  public func float(
    named name: String, in range: ClosedRange<Double> = .unbounded
  ) throws(Diagnostic) -> Double {
    let number: Double? =
      switch value {
      case .int(let value): Double(value)
      case .float(let value): value
      default: nil
      }
    guard let number, number.isFinite, range.contains(number) else {
      throw mismatch(
        name, number?.isFinite == false ? "a finite number\(range.limits)" : "a number\(range.limits)")
    }
    return number
  }

  /// - Parameter choices: the legal values; empty means any text.
  /// - Throws: where this is no text, or none of `choices`.
  public func string(named name: String, among choices: [String] = []) throws(Diagnostic) -> String {
    guard case .string(let text) = value else {
      throw mismatch(name, choices.isEmpty ? "text" : "one of \(choices.joined(separator: ", "))")
    }
    guard choices.isEmpty || choices.contains(text) else {
      let hint = suggestion(for: text, among: choices)
      throw mismatch(name, "one of \(choices.joined(separator: ", "))", hint: hint)
    }
    return text
  }

  /// The elements of a list.
  ///
  /// - Parameter count: how many the list must hold.
  /// - Throws: where this is no list, or one of another length.
  public func list(
    named name: String, count: ClosedRange<Int> = 0...Int.max
  ) throws(Diagnostic) -> [Node] {
    guard case .sequence(let nodes) = value, count.contains(nodes.count) else {
      throw mismatch(name, "a list\(count.listLength)")
    }
    return nodes
  }

  /// A list whose elements `read` turns into values; it gets each element and its name, `name[2]`.
  public func list<Element>(
    named name: String, count: ClosedRange<Int> = 0...Int.max,
    of read: (Node, String) throws(Diagnostic) -> Element
  ) throws(Diagnostic) -> [Element] {
    var elements: [Element] = []
    for (index, node) in try list(named: name, count: count).enumerated() {
      elements.append(try read(node, "\(name)[\(index)]"))
    }
    return elements
  }

  public func mapping(named name: String) throws(Diagnostic) -> [Entry] {
    guard case .mapping(let entries) = value else { throw mismatch(name, "a mapping of keys to values") }
    return entries
  }

  public var isNull: Bool { value == .null }

  private func mismatch(_ name: String, _ wanted: String, hint: String = "") -> Diagnostic {
    Diagnostic(.error, "'\(name)' must be \(wanted), but is \(value)\(hint)", at: location)
  }
}
