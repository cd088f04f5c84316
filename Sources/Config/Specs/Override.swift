/// One value set from outside of the files, as `train.epochs=3` on the command line does.
public struct Override: Sendable, Equatable {
  /// The keys on the way to the value. A number selects an element of a list, counted from 0.
  public var path: [String]
  public var pathLocation: SourceLocation?
  public var value: Node

  /// - Parameter path: keys joined by dots, `train.epochs`.
  public init(_ path: String, _ value: Node, at location: SourceLocation? = nil) {
    self.path = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    pathLocation = location
    self.value = value
  }

  public static func == (a: Override, b: Override) -> Bool { a.path == b.path && a.value == b.value }

  /// The path as it is written, `train.epochs`.
  public var dottedPath: String { path.joined(separator: ".") }
}
