/// What is wrong with a file of annotations, and where.
public struct AnnotationError: Error, Sendable, Equatable, CustomStringConvertible {
  public var path: String
  /// The place inside the file: `shapes[3].points`; empty for the file as a whole.
  public var place: String
  /// Counted from 1; nil where the format does not tell.
  public var line: Int?
  public var message: String

  /// - Parameter message: about the file as a whole, or one of its lines.
  public init(_ path: String, line: Int? = nil, _ message: String) {
    self.init(path, "", line: line, message)
  }

  public init(_ path: String, _ place: String, line: Int? = nil, _ message: String) {
    self.path = path
    self.place = place
    self.line = line
    self.message = message
  }

  public var description: String {
    let line = line.map { ":\($0)" } ?? ""
    return "\(path)\(line): " + (place.isEmpty ? "" : "\(place): ") + "error: \(message)"
  }
}
