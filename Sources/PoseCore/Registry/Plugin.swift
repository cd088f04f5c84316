/// A Swift module's components. Registration is explicit: whoever composes the program installs the plugin.
///
/// ```swift
/// public enum Necks: Plugin {
///   public static let name = "Necks"
///
///   public static func register(in registry: inout Registry) throws {
///     try registry.necks.register(PathAggregation.component)
///   }
/// }
/// ```
public protocol Plugin {
  /// As `poselab list` and errors name it.
  static var name: String { get }

  static func register(in registry: inout Registry) throws
}
