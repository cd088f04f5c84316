/// Summation in the order numpy uses, so that means agree to the last bit.
package enum PairwiseSum {
  package static func mean(_ values: [Double]) -> Double {
    values.withUnsafeBufferPointer { sum($0) } / Double(values.count)
  }

  package static func sum(_ values: UnsafeBufferPointer<Double>) -> Double {
    let count = values.count
    if count < 8 { return values.reduce(0, +) }
    if count > 128 {
      let half = count / 2 - (count / 2) % 8
      return sum(UnsafeBufferPointer(rebasing: values[..<half]))
        + sum(UnsafeBufferPointer(rebasing: values[half...]))
    }
    var lanes = SIMD8<Double>()
    for lane in 0..<8 { lanes[lane] = values[lane] }
    var index = 8
    while index + 8 <= count {
      for lane in 0..<8 { lanes[lane] += values[index + lane] }
      index += 8
    }
    var total =
      ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
    while index < count {
      total += values[index]
      index += 1
    }
    return total
  }
}
