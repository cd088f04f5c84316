/// Sorting that keeps the order of equals, in linear time.
enum StableOrder {
  /// Indices of `scores`, highest first; NaN last.
  static func descending(_ scores: [Double]) -> [Int32] { ascending(scores.map(descendingKey)) }

  /// A key that ascends where the score descends.
  static func descendingKey(_ score: Double) -> UInt64 {
    if score.isNaN { return .max }
    let bits = (score + 0).bitPattern  // -0 becomes 0
    return score < 0 ? bits : ~(bits | 1 << 63)
  }

  /// Indices of `keys`, lowest first: a radix sort by digits of 11 bits that skips digits all keys share.
  static func ascending(_ keys: [UInt64]) -> [Int32] {
    var order = Array(Int32(0)..<Int32(keys.count))
    var target = order
    let common = keys.reduce((UInt64.max, UInt64(0))) { ($0.0 & $1, $0.1 | $1) }
    let varying = common.0 ^ common.1
    for shift in stride(from: 0, to: 64, by: 11) where varying >> shift & 0x7FF != 0 {
      var starts = [Int32](repeating: 0, count: 2049)
      for key in keys { starts[Int(key >> shift & 0x7FF) + 1] += 1 }
      for digit in 0..<2048 { starts[digit + 1] += starts[digit] }
      for index in order {
        let digit = Int(keys[Int(index)] >> shift & 0x7FF)
        target[Int(starts[digit])] = index
        starts[digit] += 1
      }
      swap(&order, &target)
    }
    return order
  }
}
