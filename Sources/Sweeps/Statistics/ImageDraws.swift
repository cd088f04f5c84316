/// A few selections of images, side by side, so that one pass over a ranking serves for all of them.
struct ImageDraws: Sendable {
  /// Selections that are looked at together.
  static let width = 8

  /// How often each selection takes an image, `[image]`.
  let counts: [SIMD8<UInt16>]
  /// Selections in use; the others take nothing.
  let used: Int

  /// - Parameter draws: one to eight selections, `[selection][image]`; no image more than 65,535 times.
  init(_ draws: [[Int32]]) {
    used = min(draws.count, Self.width)
    var counts = [SIMD8<UInt16>](repeating: .zero, count: draws.first?.count ?? 0)
    for (lane, draw) in draws.prefix(Self.width).enumerated() {
      for (image, count) in draw.enumerated() { counts[image][lane] = UInt16(clamping: count) }
    }
    self.counts = counts
  }

  /// In each selection, the sum of a column with a value an image.
  func sums(_ column: [Int32]) -> [Int] {
    var sums = [Int](repeating: 0, count: Self.width)
    for (count, value) in zip(counts, column) where value > 0 {
      for lane in 0..<Self.width { sums[lane] += Int(count[lane]) * Int(value) }
    }
    return sums
  }
}
