public import Imaging

/// What a model asks of its input.
public struct InputLimits: Sendable, Equatable {
  /// Heights and widths are multiples of it.
  public var multiple: Int
  /// The only size that is taken, in pixels; nil takes any.
  public var size: ImageSize?

  public init(multiple: Int = 1, size: ImageSize? = nil) {
    self.multiple = multiple
    self.size = size
  }
}
