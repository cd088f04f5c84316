/// One finding about a user's input, told like a compiler does.
public struct Diagnostic: Error, Sendable, Equatable {
  public enum Severity: String, Sendable { case error, warning, note }

  public var severity: Severity
  public var message: String
  public var location: SourceLocation?
  /// The text of the line at `location`, for the caret.
  public var sourceLine: String?

  /// - Parameter sourceLine: the text to show; by default the line that `location` points into.
  public init(
    _ severity: Severity = .error, _ message: String, at location: SourceLocation? = nil,
    sourceLine: String? = nil
  ) {
    self.severity = severity
    self.message = message
    self.location = location
    self.sourceLine = sourceLine ?? location?.lineText
  }

  /// The same finding, placed at `location` where it had no place of its own.
  public func located(at location: SourceLocation?) -> Diagnostic {
    guard self.location == nil else { return self }
    return Diagnostic(severity, message, at: location)
  }
}

extension Diagnostic: CustomStringConvertible {
  /// The text shown to the user.
  ///
  /// ```text
  /// models/mine.yaml:14:9: error: unknown key 'widht' in scale 'n'; did you mean 'width'?
  ///   n: { widht: 0.25 }
  ///        ^~~~~
  /// ```
  public var description: String {
    var text = location.map { "\($0): " } ?? ""
    text += "\(severity.rawValue): \(message)"
    guard let location, let sourceLine, sourceLine.contains(where: { !$0.isWhitespace }) else { return text }
    let excerpt = DiagnosticExcerpt(line: sourceLine, column: location.column, length: location.length)
    return text + "\n\(excerpt.line)\n\(excerpt.underline)"
  }
}
