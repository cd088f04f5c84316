public import Config

extension Arguments {
  /// Decodes and checks the arguments of one component.
  ///
  /// - Parameters:
  ///   - node: a mapping (by name), a list (by position, as in the recipes of YOLO model files; it may be
  ///     shorter than the declaration) or nothing.
  ///   - owner: what they are for, as messages name it: `layer 'Conv'`.
  ///   - symbols: names that stand for a value in recipes (`nc`, `kpt_shape`), also inside of lists.
  ///   - location: where the component stands, for arguments that are missing.
  /// - Throws: every fault found: unknown, repeated, missing and superfluous arguments, wrong types and
  ///   values out of range.
  public init(
    decoding node: Node?, of owner: String, parameters: [ParameterDeclaration],
    symbols: [String: Node.Value] = [:], at location: SourceLocation? = nil
  ) throws(DiagnosticList) {
    let location = location ?? node?.location
    var faults = DiagnosticList()
    let given = Self.assign(node, of: owner, to: parameters, faults: &faults)

    var values: [String: Argument] = [:]
    for parameter in parameters {
      do throws(Diagnostic) {
        if let node = given[parameter.name] {
          let node = node.substituting(symbols, keeping: parameter.legalWords)
          values[parameter.name] = Argument(node: try parameter.checked(node), isGiven: true)
        } else if let value = parameter.defaultValue {
          values[parameter.name] = Argument(node: Node(value), isGiven: false)
        } else {
          throw Diagnostic(.error, "\(owner) needs '\(parameter.name)': \(parameter.help)", at: location)
        }
      } catch {
        faults.append(error)
      }
    }
    try faults.throwErrors()
    self.init(owner: owner, location: location, values: values, order: parameters.map(\.name))
  }

  private static func assign(
    _ node: Node?, of owner: String, to parameters: [ParameterDeclaration], faults: inout DiagnosticList
  ) -> [String: Node] {
    switch node?.value {
    case .null?, nil:
      return [:]
    case .sequence(let nodes)?:
      if nodes.count > parameters.count {
        let names = parameters.map(\.name).joined(separator: ", ")
        let most = parameters.isEmpty ? "no arguments" : "at most \(parameters.count) arguments (\(names))"
        let extra = nodes[parameters.count].location ?? node?.location
        faults.append(
          Diagnostic(.error, "\(owner) takes \(most), but gets \(nodes.count)", at: extra))
      }
      return Dictionary(zip(parameters.map(\.name), nodes)) { first, _ in first }
    case .mapping(let entries)?:
      return assign(entries, of: owner, to: parameters, faults: &faults)
    case let value?:
      faults.append(
        Diagnostic(
          .error, "the arguments of \(owner) must be a mapping or a list, but are \(value)",
          at: node?.location))
      return [:]
    }
  }

  private static func assign(
    _ entries: [Node.Entry], of owner: String, to parameters: [ParameterDeclaration],
    faults: inout DiagnosticList
  ) -> [String: Node] {
    var given: [String: Node] = [:]
    if entries.count > 1000 {
      faults.append(
        Diagnostic(.error, "\(owner) gets \(entries.count) arguments", at: entries[0].keyLocation))
      return [:]
    }
    for entry in entries {
      let parameter = parameters.first { $0.name == entry.key || $0.aliases.contains(entry.key) }
      if let parameter {
        if given.updateValue(entry.value, forKey: parameter.name) != nil {
          let also = parameter.name == entry.key ? "" : " (as '\(entry.key)')"
          faults.append(
            Diagnostic(
              .error, "'\(parameter.name)' of \(owner) is given twice\(also)", at: entry.keyLocation))
        }
      } else {
        let hint = suggestion(for: entry.key, among: parameters.flatMap { [$0.name] + $0.aliases })
        let known = parameters.isEmpty ? "none" : parameters.map(\.name).joined(separator: ", ")
        faults.append(
          Diagnostic(
            .error,
            "unknown argument '\(entry.key)' of \(owner)\(hint.isEmpty ? "; it takes \(known)" : hint)",
            at: entry.keyLocation ?? entry.value.location))
      }
    }
    return given
  }
}

extension ParameterDeclaration {
  /// Words that keep their meaning even where a symbol has the same name.
  fileprivate var legalWords: [String] {
    switch kind {
    case .string(let choices), .stringList(_, let choices): choices
    default: []
    }
  }
}

extension Node {
  fileprivate func substituting(_ symbols: [String: Value], keeping words: [String]) -> Node {
    switch value {
    case .string(let text) where !words.contains(text):
      return symbols[text].map { Node($0, at: location) } ?? self
    case .sequence(let nodes):
      return Node(.sequence(nodes.map { $0.substituting(symbols, keeping: words) }), at: location)
    default:
      return self
    }
  }
}
