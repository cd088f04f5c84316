#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A range of addresses, of which some are taken by blocks.
struct AddressRegion {
  let base: UnsafeMutableRawPointer
  let size: Int
  /// Offsets that no block takes: ascending, none touching the next.
  private(set) var holes: [Range<Int>]
  /// Nothing from here on was ever written to.
  private(set) var used = 0
  /// Everything before lies in large pages, as far as the system gave any.
  private var enlarged = 0

  /// - Returns: nil if the system has no such range.
  init?(size: Int) {
    let page = Int(getpagesize())
    let rounded = (size + page - 1) / page * page
    let flags = MAP_PRIVATE | MAP_ANON | MAP_NORESERVE
    guard let base = mmap(nil, rounded, PROT_READ | PROT_WRITE, flags, -1, 0), base != MAP_FAILED else {
      return nil
    }
    self.base = base
    self.size = rounded
    holes = [0..<rounded]
  }

  /// Moves the next 2 MB into one large page, by which addresses are found faster. What lies there stays as it is.
  ///
  /// - Returns: false where all memory in use has been dealt with, or the system does not do this.
  mutating func enlargeNextPage() -> Bool {
    #if os(Linux)
    // Its number: older headers lack the name MADV_COLLAPSE.
    let (largePage, collapse) = (2 << 20, Int32(25))
    let first = (UInt(bitPattern: base) + UInt(enlarged + largePage - 1)) / UInt(largePage) * UInt(largePage)
    let start = Int(first - UInt(bitPattern: base))
    guard start + largePage <= min(used, size), madvise(base + start, largePage, collapse) == 0 else {
      return false
    }
    enlarged = start + largePage
    return true
    #else
    return false
    #endif
  }

  func unmap() { munmap(base, size) }

  func contains(_ address: UnsafeMutableRawPointer) -> Bool { address >= base && address < base + size }

  mutating func take(_ size: Int, hole index: Int) -> UnsafeMutableRawPointer {
    let hole = holes[index]
    let end = hole.lowerBound + size
    if end == hole.upperBound { holes.remove(at: index) } else { holes[index] = end..<hole.upperBound }
    used = max(used, end)
    return base + hole.lowerBound
  }

  mutating func addHole(at start: Int, size: Int) {
    var (low, high) = (0, holes.count)
    while low < high {
      let middle = (low + high) / 2
      if holes[middle].lowerBound < start { low = middle + 1 } else { high = middle }
    }
    var hole = start..<(start + size)
    var replaced = low..<low
    if low > 0, holes[low - 1].upperBound == hole.lowerBound {
      hole = holes[low - 1].lowerBound..<hole.upperBound
      replaced = (low - 1)..<replaced.upperBound
    }
    if low < holes.count, holes[low].lowerBound == hole.upperBound {
      hole = hole.lowerBound..<holes[low].upperBound
      replaced = replaced.lowerBound..<(low + 1)
    }
    holes.replaceSubrange(replaced, with: CollectionOfOne(hole))
  }

  mutating func trim() {
    enlarged = 0
    let page = Int(getpagesize())
    for hole in holes {
      let start = (hole.lowerBound + page - 1) / page * page
      let end = min(hole.upperBound, used) / page * page
      if end > start { madvise(base + start, end - start, MADV_DONTNEED) }
    }
    if let last = holes.last, last.upperBound == size { used = min(used, last.lowerBound) }
  }
}
