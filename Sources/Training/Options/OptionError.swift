/// A setting that cannot work.
public struct OptionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// As files and the command line call it.
  public let key: String
  public let reason: String

  public init(_ key: String, _ reason: String) {
    self.key = key
    self.reason = reason
  }

  public var description: String { "'\(key)' \(reason)" }
}
