/// A place in a file, counted from 1, as editors do.
public struct SourceLocation: Sendable {
  public var file: String
  public var line: Int
  /// In Unicode scalars.
  public var column: Int
  /// Characters to underline, at least 1.
  public var length: Int
  /// The file's text, where it is at hand; two locations are equal whatever it is.
  public var source: SourceText?

  public init(file: String, line: Int, column: Int, length: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
    self.length = length
  }

  public init(in source: SourceText, line: Int, column: Int, length: Int = 1) {
    self.init(file: source.name, line: line, column: column, length: length)
    self.source = source
  }

  /// The text of the line this points into, where it is known.
  public var lineText: String? { source?.line(line) }
}

extension SourceLocation: Hashable {
  public static func == (a: SourceLocation, b: SourceLocation) -> Bool {
    (a.file, a.line, a.column, a.length) == (b.file, b.line, b.column, b.length)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(file)
    hasher.combine(line)
    hasher.combine(column)
    hasher.combine(length)
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `file:line:column`.
  public var description: String { "\(file):\(line):\(column)" }
}
