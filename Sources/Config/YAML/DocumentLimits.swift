/// What a YAML file may cost; an honest spec stays far below each of them.
public struct DocumentLimits: Sendable {
  /// Bytes in a file.
  public var size = 4 << 20
  /// Mappings and lists inside of each other, aliases expanded.
  public var depth = 64
  /// Values after all aliases have been expanded.
  public var nodes = 200_000

  /// Letters in a key.
  public var keyLength = 256

  public init() {}
}
