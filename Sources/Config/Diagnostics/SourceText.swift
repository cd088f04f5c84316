/// The text of one file, kept so that a fault found later can still show its line.
///
/// Every `SourceLocation` of a document shares one instance.
public final class SourceText: Sendable {
  /// The name shown to the user: a path as they gave it, or `<command line>`.
  public let name: String
  /// The whole text.
  public let text: String
  /// Without their ends.
  let lines: [Substring]

  public init(name: String, text: String) {
    self.name = name
    self.text = text
    lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
  }

  /// The text of `line`, counted from 1, without its end; nil past the end of the file.
  public func line(_ line: Int) -> String? {
    lines.indices.contains(line - 1) ? String(lines[line - 1]) : nil
  }
}
