/// Writes nodes as YAML that reads back as the same values, here and in PyYAML.
///
/// Mappings go one key a line. Lists of plain values, also of such lists, stay on one line where they fit;
/// the layer lists of model files look as people write them.
public struct YAMLWriter {
  /// Longest line, comments apart.
  public var width = 100
  /// The column where comments start, unless the line is longer.
  public var commentColumn = 44
  /// The comment behind a value, or nil for none; see `origins`.
  public var comment: @Sendable (Node) -> String?

  public init(comment: @escaping @Sendable (Node) -> String? = { _ in nil }) { self.comment = comment }

  /// Notes where each value came from: `models/mine.yaml:14`, or `default`.
  public static var origins: YAMLWriter {
    YAMLWriter { node in node.location.map { "\($0.file):\($0.line)" } ?? "default" }
  }

  /// The text of a document, with a newline at its end.
  public func text(_ node: Node) -> String {
    var lines: [String] = []
    switch node.value {
    case .mapping(let entries) where !entries.isEmpty: write(entries, indent: 0, first: "", into: &lines)
    case .sequence(let nodes) where !nodes.isEmpty && flow(node, room: width) == nil:
      write(nodes, indent: 0, first: "", into: &lines)
    default: lines.append(line(flow(node, room: .max) ?? "", node))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// - Parameter first: what stands before the first key in place of its indentation: `- ` of a list.
  private func write(_ entries: [Node.Entry], indent: Int, first: String, into lines: inout [String]) {
    for (index, entry) in entries.enumerated() {
      let start = index == 0 ? first : String(repeating: " ", count: indent)
      write(entry.value, after: start + ScalarText.key(entry.key) + ":", indent: indent, into: &lines)
    }
  }

  private func write(_ nodes: [Node], indent: Int, first: String, into lines: inout [String]) {
    for (index, node) in nodes.enumerated() {
      let start = (index == 0 ? first : String(repeating: " ", count: indent)) + "-"
      switch node.value {
      case .mapping(let entries) where !entries.isEmpty:
        write(entries, indent: indent + 2, first: start + " ", into: &lines)
      case .sequence(let inner) where !inner.isEmpty && flow(node, room: width - start.count) == nil:
        write(inner, indent: indent + 2, first: start + " ", into: &lines)
      default:
        lines.append(line(start + " " + (flow(node, room: .max) ?? ""), node))
      }
    }
  }

  private func write(_ node: Node, after start: String, indent: Int, into lines: inout [String]) {
    let deeper = String(repeating: " ", count: indent + 2)
    switch node.value {
    case .mapping(let entries) where !entries.isEmpty:
      lines.append(start)
      write(entries, indent: indent + 2, first: deeper, into: &lines)
    case .sequence(let nodes) where !nodes.isEmpty && flow(node, room: width - start.count) == nil:
      lines.append(start)
      write(nodes, indent: indent + 2, first: deeper, into: &lines)
    default:
      lines.append(line(start + " " + (flow(node, room: .max) ?? ""), node))
    }
  }

  private func line(_ text: String, _ node: Node) -> String {
    guard let comment = comment(node) else { return text }
    let gap = max(2, commentColumn - text.count)
    let remark = String(comment.map { $0.isNewline ? " " : $0 })
    return text + String(repeating: " ", count: gap) + "# " + remark
  }

  /// The value on one line; nil where it is longer than `room`, or holds a mapping with keys.
  private func flow(_ node: Node, room: Int) -> String? {
    guard room > 0 else { return nil }
    switch node.value {
    case .mapping(let entries): return entries.isEmpty ? "{}" : nil
    case .sequence(let nodes):
      var parts: [String] = []
      var length = 2
      for node in nodes {
        guard let part = flow(node, room: room) else { return nil }
        length += part.count + 2
        if length > room { return nil }
        parts.append(part)
      }
      return "[" + parts.joined(separator: ", ") + "]"
    default: return ScalarText.value(node.value)
    }
  }
}
