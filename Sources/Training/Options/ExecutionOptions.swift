/// What computes, and with how much of the machine.
public struct ExecutionOptions: Codable, Sendable, Equatable {
  /// A registered engine, or `auto` for the fastest there is.
  public var engine = "auto"
  /// Threads of kernels and matrix products; nil for one a core.
  public var threads: Int?
  /// Threads that load and augment images.
  public var workers = 8
  /// Number format of activations; `f32` is the only one so far.
  public var precision = "f32"
  /// Where decoded images are kept.
  public var cache = CacheOption.none

  public init() {}

  public enum CacheOption: String, Codable, Sendable, CaseIterable {
    case none
    case ram
    case disk
  }
}
