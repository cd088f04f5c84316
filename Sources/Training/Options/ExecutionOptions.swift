public import Tensor

/// What computes, and with how much of the machine.
public struct ExecutionOptions: Codable, Sendable, Equatable {
  /// A registered engine, or `auto` for the fastest there is.
  public var engine = "auto"
  /// Threads of kernels and matrix products; nil for one a core.
  public var threads: Int?
  /// Threads that load and augment images.
  public var workers = 8
  /// Number format of activations. Weights, statistics, losses and optimisers are 32-bit floats always.
  public var precision = Precision.float32
  /// Where decoded images are kept.
  public var cache = CacheOption.none
  /// Most that kept images may take, in 10⁹ bytes; nil for half of the memory, or of the free disk.
  public var cacheGB: Double?

  public init() {}

  enum CodingKeys: String, CodingKey {
    case engine, threads, workers, precision, cache
    case cacheGB = "cache_gb"
  }

  public enum CacheOption: String, Codable, Sendable, CaseIterable {
    case none
    case ram
    case disk
  }
}
