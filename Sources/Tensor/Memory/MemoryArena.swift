/// Large blocks of memory, cut from address ranges that the system fills as they are first written to.
///
/// A block goes where it needs the least memory that was never used, and there into the smallest hole. Neighbouring
/// holes become one: a tape frees its blocks in the opposite order, so gradients fit where activations were.
///
/// Memory comes in the system's small pages, which cost little at first, and moves to large ones, which are faster to
/// work with, once it has served for a while without growing.
///
/// Not thread-safe.
struct MemoryArena: ~Copyable {
  private var regions: [AddressRegion] = []

  /// Address space, not memory.
  private static let regionSize = 16 << 30
  static let alignment = 64

  /// Blocks given out since the arena last needed new memory.
  private var steadyBlocks = 0
  private var hasSmallPages = false
  /// Moving costs milliseconds a page where the system has none ready: about what a few thousand blocks gain.
  private static let patience = 100_000

  init() {}

  deinit { for region in regions { region.unmap() } }

  /// - Parameter size: a multiple of `alignment`.
  /// - Returns: nil if the system gives no more.
  mutating func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    if hasSmallPages, steadyBlocks > Self.patience { hasSmallPages = enlargeNextPage() }
    if let place = bestPlace(size) { return take(size, place) }
    guard addRegion(max(Self.regionSize, size)) || addRegion(size) else { return nil }
    return bestPlace(size).map { take(size, $0) }
  }

  /// - Returns: whether the block was one of this arena's.
  mutating func release(_ address: UnsafeMutableRawPointer, size: Int) -> Bool {
    guard let index = regions.firstIndex(where: { $0.contains(address) }) else { return false }
    regions[index].addHole(at: address - regions[index].base, size: size)
    return true
  }

  /// Gives the memory of holes back to the system; their addresses stay.
  mutating func trim() {
    for index in regions.indices { regions[index].trim() }
    steadyBlocks = 0
    hasSmallPages = true
  }

  /// Moves all memory to large pages now.
  mutating func enlargePages() {
    while enlargeNextPage() {}
    hasSmallPages = false
  }

  private mutating func enlargeNextPage() -> Bool {
    for index in regions.indices where regions[index].enlargeNextPage() { return true }
    return false
  }

  private mutating func take(
    _ size: Int, _ place: (region: Int, hole: Int)
  ) -> UnsafeMutableRawPointer {
    let used = regions[place.region].used
    let block = regions[place.region].take(size, hole: place.hole)
    let isFresh = regions[place.region].used > used
    steadyBlocks = isFresh ? 0 : steadyBlocks + 1
    if isFresh { hasSmallPages = true }
    return block
  }

  private func bestPlace(_ size: Int) -> (region: Int, hole: Int)? {
    var best: (region: Int, hole: Int)?
    var least = (fresh: Int.max, length: Int.max)
    for (index, region) in regions.enumerated() {
      for (number, hole) in region.holes.enumerated() where hole.count >= size {
        let fresh = max(0, min(size, hole.lowerBound + size - region.used))
        if (fresh, hole.count) < least {
          least = (fresh, hole.count)
          best = (index, number)
        }
      }
    }
    return best
  }

  private mutating func addRegion(_ size: Int) -> Bool {
    guard let region = AddressRegion(size: size) else { return false }
    regions.append(region)
    return true
  }
}
