public import PoseCore

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

extension EvaluationOptions {
  /// Checks that a head can give what is asked for.
  ///
  /// - Throws: where `nms=false` wants branches that the head does not have.
  public func check(for layout: HeadLayout) throws(OptionError) {
    guard nms == false, !layout.hasOneToOne else { return }
    throw OptionError("nms", "cannot be false: this model's head has no one-to-one branch; leave it out")
  }
}
