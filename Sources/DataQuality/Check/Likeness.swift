internal import Imaging

/// What a picture looks like in 128 bits: whether brightness rises to the right, and downwards, over a grid of 8 × 8.
/// Copies of another size or quality differ in few bits.
///
/// Source: N. Krawetz, Kind of Like That (difference hash), hackerfactor.com, 2013.
struct Likeness: Sendable, Hashable {
  private var across: UInt64 = 0
  private var down: UInt64 = 0

  /// Bits in which two pictures of the same may differ.
  static let tolerance = 5
  private static let side = 9

  /// Nil for pictures too even to tell apart.
  init?(_ image: Image) {
    let side = Self.side
    guard image.width >= side, image.height >= side else { return nil }
    var sums = [Int](repeating: 0, count: side * side)
    var counts = [Int](repeating: 0, count: side * side)
    let columns = (0..<image.width).map { $0 * side / image.width }
    image.pixels.withUnsafeBufferPointer { pixels in
      var offset = 0
      for y in 0..<image.height {
        let row = y * side / image.height * side
        for x in 0..<image.width {
          sums[row + columns[x]] +=
            Int(pixels[offset]) + 2 * Int(pixels[offset + 1]) + Int(pixels[offset + 2])
          counts[row + columns[x]] += 1
          offset += 3
        }
      }
    }
    let levels = zip(sums, counts).map { $0 / max(1, $1) }
    // Of 4 × 255.
    guard let least = levels.min(), let most = levels.max(), most - least > 80 else { return nil }
    for y in 0..<8 {
      for x in 0..<8 {
        let bit = UInt64(1) << UInt64(8 * y + x)
        if levels[y * side + x] < levels[y * side + x + 1] { across |= bit }
        if levels[y * side + x] < levels[(y + 1) * side + x] { down |= bit }
      }
    }
  }

  func distance(to other: Likeness) -> Int {
    (across ^ other.across).nonzeroBitCount + (down ^ other.down).nonzeroBitCount
  }

  /// Eight parts of 16 bits: pictures that differ in fewer than eight bits agree in one of them.
  var parts: [UInt32] {
    (0..<8).map { part in
      let word = part < 4 ? across : down
      return UInt32(part) << 16 | UInt32(word >> UInt64(16 * (part % 4)) & 0xFFFF)
    }
  }
}
