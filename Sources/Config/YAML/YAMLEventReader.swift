internal import CYAML

/// Owns one libyaml parser and turns its events and errors into ours.
final class YAMLEventReader {
  private let source: SourceText
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  init(_ source: SourceText) throws(DiagnosticList) {
    self.source = source
    parser = .allocate(capacity: 1)
    input = .allocate(capacity: source.text.utf8.count)
    _ = input.initialize(from: source.text.utf8)
    guard yaml_parser_initialize(parser) == 1 else {
      input.deallocate()
      parser.deallocate()
      throw DiagnosticList([Diagnostic(.error, "\(source.name): no memory left to read this file")])
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  func next() throws(DiagnosticList) -> YAMLEvent {
    var event = yaml_event_t()
    while true {
      guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
      defer { yaml_event_delete(&event) }
      if let translated = translate(event) { return translated }
    }
  }

  private func translate(_ event: yaml_event_t) -> YAMLEvent? {
    var anchor: UnsafeMutablePointer<yaml_char_t>?
    var tag: UnsafeMutablePointer<yaml_char_t>?
    let kind: YAMLEvent.Kind
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    // libyaml answers nothing at all once the stream has ended.
    case YAML_STREAM_END_EVENT, YAML_NO_EVENT: kind = .streamEnd
    case YAML_ALIAS_EVENT: kind = .alias(text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      (anchor, tag) = (scalar.anchor, scalar.tag)
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      kind = .scalar(String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
    case YAML_SEQUENCE_START_EVENT:
      (anchor, tag) = (event.data.sequence_start.anchor, event.data.sequence_start.tag)
      kind = .sequenceStart
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      (anchor, tag) = (event.data.mapping_start.anchor, event.data.mapping_start.tag)
      kind = .mappingStart
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    default: return nil
    }
    return YAMLEvent(
      kind: kind, anchor: text(anchor), tag: text(tag),
      location: location(from: event.start_mark, to: event.end_mark))
  }

  private func text(_ characters: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    characters.map { String(cString: $0) }
  }

  private func location(from start: yaml_mark_t, to end: yaml_mark_t) -> SourceLocation {
    let line = Int(start.line) + 1
    let column = Int(start.column) + 1
    let lineEnd = end.line > start.line ? source.line(line)?.unicodeScalars.count ?? 0 : Int(end.column)
    return SourceLocation(in: source, line: line, column: column, length: max(1, lineEnd + 1 - column))
  }

  private func syntaxError() -> DiagnosticList {
    let state = parser.pointee
    let place = beforeEnd(location(from: state.problem_mark, to: state.problem_mark))
    let problem = state.problem.map { String(cString: $0) } ?? "the text makes no sense"
    var list = DiagnosticList([Diagnostic(.error, explanation(of: problem, at: place), at: place)])
    if let context = state.context.map({ String(cString: $0) }),
      context != "while scanning for the next token",
      state.context_mark.line + 1 != place.line
    {
      list.append(
        Diagnostic(.note, context, at: location(from: state.context_mark, to: state.context_mark)))
    }
    return list
  }

  /// libyaml places what is missing at the end of the file on a line below it; shows the last one instead.
  private func beforeEnd(_ location: SourceLocation) -> SourceLocation {
    guard let last = source.lines.lastIndex(where: { !$0.isEmpty }), location.line > last + 1 else {
      return location
    }
    return SourceLocation(in: source, line: last + 1, column: source.lines[last].unicodeScalars.count + 1)
  }

  /// libyaml's own words, and what to do about the commonest mistakes.
  private func explanation(of problem: String, at place: SourceLocation) -> String {
    let rest = place.lineText?.unicodeScalars.dropFirst(place.column - 1)
    let hint: String
    switch rest?.first {
    case "\t": hint = "; indent with spaces, not tabs"
    case "@", "`", "%": hint = "; put text that starts with this character in quotes"
    default:
      hint =
        problem.hasPrefix("mapping values are not allowed")
        ? "; is the indentation right, or are quotes missing?" : ""
    }
    return "this is not valid YAML: \(problem)\(hint)"
  }
}
