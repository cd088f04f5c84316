/// A run of device memory, handed back to its pool when the last tensor on it goes.
///
/// Only engines look inside.
public final class Storage {
  package let address: UnsafeMutableRawPointer
  package let byteCount: Int
  private let pool: StoragePool

  init(address: UnsafeMutableRawPointer, byteCount: Int, pool: StoragePool) {
    self.address = address
    self.byteCount = byteCount
    self.pool = pool
  }

  deinit { pool.release(address, byteCount: byteCount) }
}
