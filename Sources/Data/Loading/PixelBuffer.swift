internal import Synchronization

/// The pixels of a batch: bytes whose memory is used again once the last owner lets go.
///
/// `@unchecked Sendable`: written only before it is handed out, each part by one thread.
public final class PixelBuffer: @unchecked Sendable {
  public let count: Int
  let bytes: UnsafeMutableBufferPointer<UInt8>
  private let pool: PixelPool

  init(count: Int, from pool: PixelPool) {
    self.count = count
    self.pool = pool
    bytes = pool.take(count)
  }

  deinit { pool.give(bytes) }

  /// Lends the bytes for the time of the call.
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) { try body(UnsafeBufferPointer(bytes)) }
  }
}

/// A few blocks of memory kept for the next batches.
///
/// `@unchecked Sendable`: `free` is a mutex.
final class PixelPool: @unchecked Sendable {
  private let free: Mutex<[Block]>
  private let limit: Int

  private struct Block: @unchecked Sendable {
    let bytes: UnsafeMutableBufferPointer<UInt8>
  }

  /// - Parameter limit: blocks kept.
  init(limit: Int) {
    self.limit = limit
    free = Mutex([])
  }

  deinit { free.withLock { blocks in for block in blocks { block.bytes.deallocate() } } }

  func take(_ count: Int) -> UnsafeMutableBufferPointer<UInt8> {
    let found = free.withLock { blocks -> Block? in
      blocks.firstIndex { $0.bytes.count == count }.map { blocks.remove(at: $0) }
    }
    return found?.bytes ?? UnsafeMutableBufferPointer.allocate(capacity: count)
  }

  func give(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
    let block = Block(bytes: bytes)
    let surplus = free.withLock { blocks -> Block? in
      blocks.append(block)
      return blocks.count > limit ? blocks.removeFirst() : nil
    }
    surplus?.bytes.deallocate()
  }
}
