import Foundation

/// Memory kept for reuse, so that a training step asks the system for nothing once it has run.
///
/// Small blocks are kept by size, rounded up to an eighth of their power of two; large ones come from an arena. Blocks
/// are aligned to 64 bytes.
///
/// `@unchecked Sendable`: `lock` guards all state.
public final class StoragePool: @unchecked Sendable {
  private let lock = NSLock()
  private var free: [Int: [UnsafeMutableRawPointer]] = [:]
  private var arena = MemoryArena()
  private var bytesInUse = 0
  private var peakInUse = 0

  /// The one block that stands for all where no number is ever stored.
  private let placeholder: UnsafeMutableRawPointer?

  /// Blocks above this many bytes come from the arena.
  private static let largestSmall = 32 << 10

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
    if byteCount > largestSmall {
      return (byteCount + MemoryArena.alignment - 1) / MemoryArena.alignment * MemoryArena.alignment
    }
    let power = 1 << (Int.bitWidth - 1 - byteCount.leadingZeroBitCount)
    let step = max(64, power / 8)
    return (byteCount + step - 1) / step * step
  }

  func allocate(byteCount: Int) -> Storage {
    let size = Self.sizeClass(byteCount)
    lock.lock()
    let address = placeholder ?? block(size)
    bytesInUse += size
    peakInUse = max(peakInUse, bytesInUse)
    lock.unlock()
    return Storage(
      address: address ?? .allocate(byteCount: size, alignment: MemoryArena.alignment), byteCount: size,
      pool: self)
  }

  private func block(_ size: Int) -> UnsafeMutableRawPointer? {
    size > Self.largestSmall ? arena.allocate(size) : free[size]?.popLast()
  }

  func release(_ address: UnsafeMutableRawPointer, byteCount: Int) {
    lock.lock()
    defer { lock.unlock() }
    bytesInUse -= byteCount
    if placeholder != nil { return }
    if byteCount <= Self.largestSmall {
      free[byteCount, default: []].append(address)
    } else if !arena.release(address, size: byteCount) {
      address.deallocate()
    }
  }

  /// Gives unused memory back to the system.
  public func trim() {
    lock.lock()
    let blocks = free
    free = [:]
    arena.trim()
    lock.unlock()
    for list in blocks.values { for block in list { block.deallocate() } }
  }

  /// Moves large blocks to the system's large pages now, as happens by itself to memory that has served for a while.
  public func enlargePages() {
    lock.lock()
    defer { lock.unlock() }
    arena.enlargePages()
  }

  /// Most bytes that were in use at once.
  public var peakBytes: Int {
    lock.lock()
    defer { lock.unlock() }
    return peakInUse
  }
}
