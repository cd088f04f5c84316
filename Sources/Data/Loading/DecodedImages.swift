internal import Imaging

/// Images in memory: some for good, within a budget; of the others the latest ones.
struct DecodedImages {
  /// Images that cannot be read.
  var failures: [Int: ImageError] = [:]
  /// Bytes left for images that are kept for good.
  private var budget: Int
  private var kept: [Int: Image] = [:]
  private var recent: [Int: Image] = [:]
  /// The places of the recent images as a ring, the oldest at `oldest`.
  private var ring: [Int]
  private var oldest = 0
  private var recentBytes = 0

  /// Most memory for the latest images, in bytes.
  private static let recentLimit = 192 << 20

  /// - Parameter recentCount: how many of the latest images beyond the budget are kept; at least 1.
  init(budget: Int, recentCount: Int) {
    self.budget = budget
    ring = Array(repeating: -1, count: max(1, recentCount))
  }

  func image(_ place: Int) -> Image? { kept[place] ?? recent[place] }

  /// Takes an image that has been decoded; two threads may come with the same one.
  mutating func keep(_ image: Image, of place: Int) {
    if self.image(place) != nil { return }
    let bytes = image.pixels.count
    if bytes <= budget {
      budget -= bytes
      kept[place] = image
      return
    }
    if bytes > Self.recentLimit { return }
    // The ring's next entry is free once its image has gone; more go until the bytes suffice.
    dropOldest(at: oldest)
    var next = oldest
    while recentBytes + bytes > Self.recentLimit {
      next = (next + 1) % ring.count
      dropOldest(at: next)
    }
    ring[oldest] = place
    oldest = (oldest + 1) % ring.count
    recent[place] = image
    recentBytes += bytes
  }

  private mutating func dropOldest(at entry: Int) {
    if let image = recent.removeValue(forKey: ring[entry]) { recentBytes -= image.pixels.count }
    ring[entry] = -1
  }
}
