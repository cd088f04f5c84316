import Kernels

/// Where tensors live and who computes on them: an engine and its memory.
public final class Device {
  public let engine: any Engine
  public let pool: StoragePool
  private var nextSequence: UInt64 = 0

  public init(engine: any Engine, pool: StoragePool = StoragePool()) {
    self.engine = engine
    self.pool = pool
  }

  /// The portable CPU device.
  public static func openBLAS() -> Device { Device(engine: OpenBLASEngine()) }

  /// A number that grows with each recorded operation; backward passes walk it downwards.
  func sequence() -> UInt64 {
    nextSequence += 1
    return nextSequence
  }

  func allocate(elements: Int, _ precision: Precision = .float32) -> Storage {
    pool.allocate(byteCount: max(1, elements) * precision.byteCount)
  }

  /// Sets how many threads kernels, oneDNN and matrix products use. Results do not depend on it where the engine
  /// says so.
  public static func setThreads(_ count: Int) { pl_set_threads(Int32(clamping: count)) }
  public static var threads: Int { Int(pl_threads()) }
}
