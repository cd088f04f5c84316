import Foundation

/// Memory kept for reuse by size class, so that a training step allocates nothing once it has run.
///
/// Sizes are rounded up to an eighth of their power of two; at most 12 % is lost. Blocks are aligned to 64 bytes.
///
/// `@unchecked Sendable`: `lock` guards all state.
public final class StoragePool: @unchecked Sendable {
  private let lock = NSLock()
  private var free: [Int: [UnsafeMutableRawPointer]] = [:]
  private var bytesHeld = 0
  private var bytesInUse = 0
  private var peakInUse = 0

  /// The one block that stands for all where no number is ever stored.
  private let placeholder: UnsafeMutableRawPointer?

  public init() { placeholder = nil }

  /// A pool for engines that touch no memory: it counts, and reserves nothing.
  static func withoutMemory() -> StoragePool {
    StoragePool(placeholder: .allocate(byteCount: 64, alignment: 64))
  }

  private init(placeholder: UnsafeMutableRawPointer) { self.placeholder = placeholder }

  deinit {
    trim()
    placeholder?.deallocate()
  }

  static func sizeClass(_ byteCount: Int) -> Int {
    if byteCount <= 512 { return 512 }
    let power = 1 << (Int.bitWidth - 1 - byteCount.leadingZeroBitCount)
    let step = max(64, power / 8)
    return (byteCount + step - 1) / step * step
  }

  func allocate(byteCount: Int) -> Storage {
    let size = Self.sizeClass(byteCount)
    lock.lock()
    let reused = free[size]?.popLast()
    if reused != nil { bytesHeld -= size }
    bytesInUse += size
    peakInUse = max(peakInUse, bytesInUse)
    lock.unlock()
    let address = reused ?? placeholder ?? UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    return Storage(address: address, byteCount: size, pool: self)
  }

  func release(_ address: UnsafeMutableRawPointer, byteCount: Int) {
    lock.lock()
    if placeholder == nil {
      free[byteCount, default: []].append(address)
      bytesHeld += byteCount
    }
    bytesInUse -= byteCount
    lock.unlock()
  }

  /// Gives unused blocks back to the system.
  public func trim() {
    lock.lock()
    let blocks = free
    free = [:]
    bytesHeld = 0
    lock.unlock()
    for list in blocks.values { for block in list { block.deallocate() } }
  }

  /// Most bytes that were in use at once.
  public var peakBytes: Int {
    lock.lock()
    defer { lock.unlock() }
    return peakInUse
  }
}
