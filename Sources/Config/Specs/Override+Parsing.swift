extension Override {
  /// The name of the file that these values seem to come from; each argument is a line of it.
  public static let commandLine = "<command line>"

  /// Parses arguments of the form `path.to.key=value`.
  ///
  /// The value is read as YAML: a word or number, or a list or mapping in brackets (`[1, 2]`, `{p: 0.5}`), or
  /// text in quotes. What starts otherwise is never taken for YAML syntax, so `*.jpg` and `a: b` are text.
  ///
  /// - Parameter source: the name that messages give.
  /// - Throws: the faults of all arguments together.
  public static func parse(
    _ arguments: [String], from source: String = commandLine
  ) throws(DiagnosticList) -> [Override] {
    // One argument is one line.
    let lines = arguments.map { argument in String(argument.map { $0.isNewline ? " " : $0 }) }
    let text = SourceText(name: source, text: lines.joined(separator: "\n"))
    var faults = DiagnosticList()
    var overrides: [Override] = []
    for (index, line) in lines.enumerated() {
      do throws(DiagnosticList) {
        overrides.append(try parse(line, number: index + 1, in: text))
      } catch {
        faults.append(contentsOf: error)
      }
    }
    try faults.throwErrors()
    return overrides
  }

  private static func parse(
    _ line: String, number: Int, in source: SourceText
  ) throws(DiagnosticList) -> Override {
    let all = line.unicodeScalars
    guard let equals = all.firstIndex(of: "=") else {
      let place = SourceLocation(in: source, line: number, column: 1, length: max(1, all.count))
      throw DiagnosticList([Diagnostic(.error, "'\(line)' sets nothing; write key=value", at: place)])
    }
    let path = String(all[..<equals])
    let width = all.distance(from: all.startIndex, to: equals)
    let pathPlace = SourceLocation(in: source, line: number, column: 1, length: max(1, width))
    let value = try value(
      String(all[all.index(after: equals)...]), after: width + 1, line: number, in: source)
    let override = Override(path, value, at: pathPlace)
    guard !override.path.contains("") else {
      throw DiagnosticList([
        Diagnostic(.error, "'\(path)' is no key; write key=value or section.key=value", at: pathPlace)
      ])
    }
    guard override.path.count <= DocumentLimits().depth else {
      throw DiagnosticList([Diagnostic(.error, "this key is nested too deep", at: pathPlace)])
    }
    return override
  }

  private static func value(
    _ text: String, after columns: Int, line: Int, in source: SourceText
  ) throws(DiagnosticList) -> Node {
    func place(_ location: SourceLocation?) -> SourceLocation {
      SourceLocation(
        in: source, line: line, column: columns + (location?.column ?? 1), length: location?.length ?? 1)
    }
    let isSyntax = text.unicodeScalars.first.map { "[{\"'".unicodeScalars.contains($0) } ?? false
    guard isSyntax else {
      let length = max(1, text.unicodeScalars.count)
      return Node(
        ScalarResolver.resolve(text),
        at: SourceLocation(in: source, line: line, column: columns + 1, length: length))
    }
    do throws(DiagnosticList) {
      return try Document(text: text, name: source.name).root.relocated { place($0) }
    } catch {
      throw DiagnosticList(
        error.diagnostics.map { Diagnostic($0.severity, $0.message, at: place($0.location)) })
    }
  }
}

extension Node {
  /// The same tree with every place replaced.
  fileprivate func relocated(_ place: (SourceLocation?) -> SourceLocation) -> Node {
    switch value {
    case .sequence(let nodes):
      Node(.sequence(nodes.map { $0.relocated(place) }), at: place(location))
    case .mapping(let entries):
      Node(
        .mapping(
          entries.map {
            Entry(key: $0.key, keyLocation: place($0.keyLocation), value: $0.value.relocated(place))
          }), at: place(location))
    default:
      Node(value, at: place(location))
    }
  }
}
