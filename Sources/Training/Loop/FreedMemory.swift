#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Memory that the program has freed and the C library still holds.
///
/// Buffers of many sizes come and go during an epoch, and every allocator is left with gaps which the next epoch fills a
/// little differently. Without giving them back the resident memory of a run creeps up by some per cent in fifty epochs,
/// though what is in use stays the same.
struct FreedMemory {
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant?
  /// Giving back and taking again costs some 25 ms: half a per cent of this.
  private static let pause = Duration.seconds(5)

  /// Gives it to the system, unless that was done a moment ago; C libraries that cannot do it go without.
  mutating func giveBack() {
    let now = clock.now
    if let last, last.duration(to: now) < Self.pause { return }
    last = now
    guard let symbol = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> CInt).self)(0)
  }
}
