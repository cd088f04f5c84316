internal import Imaging
internal import Synchronization
internal import Tensor

/// Reads picture files in their order, some at a time on all threads.
///
/// The network needs all threads itself, so pictures are decoded between its runs, one on each thread: reading beside
/// the network would slow both.
struct PictureReader: ~Copyable {
  private let paths: [String]
  private var next = 0
  /// Pictures already read, the next one last.
  private var waiting: [Result<Image, ImageError>] = []

  /// Most pictures in memory at a time; the first is read alone, so that its result does not wait for others.
  private static let groupLimit = 8

  init(_ paths: [String]) { self.paths = paths }

  /// The next picture or why it cannot be read; nil after the last.
  mutating func read() -> (path: String, picture: Result<Image, ImageError>)? {
    guard next < paths.count else { return nil }
    if waiting.isEmpty { readGroup() }
    guard let picture = waiting.popLast() else { return nil }
    next += 1
    return (paths[next - 1], picture)
  }

  private mutating func readGroup() {
    let wanted = next == 0 ? 1 : max(1, min(Device.threads, PictureReader.groupLimit))
    let group = paths[next..<min(next + wanted, paths.count)]
    let places = Mutex([Result<Image, ImageError>?](repeating: nil, count: group.count))
    ThreadTeam.forEachBlock(group.count) { place in
      let path = group[group.startIndex + place]
      let picture = Result { () throws(ImageError) in try Image(contentsOf: path) }
      places.withLock { $0[place] = picture }
    }
    waiting = places.withLock { $0.reversed().compactMap(\.self) }
  }
}
