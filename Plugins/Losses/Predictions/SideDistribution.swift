internal import Foundation

/// Decodes a binned distribution of the distance from an anchor point to one side of a box.
///
/// Source: Li et al., Generalized Focal Loss, arXiv:2006.04388.
enum SideDistribution {
  /// The expected distance, in cells.
  ///
  /// - Parameter logits: `bins` of them; one bin is the distance itself.
  static func expectation(_ logits: UnsafePointer<Float>, bins: Int) -> Float {
    if bins == 1 { return logits[0] }
    if bins == 16 { return expectation(UnsafeRawPointer(logits).loadUnaligned(as: SIMD16<Float>.self)) }
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: bins) { probabilities in
      guard let base = probabilities.baseAddress else { return 0 }
      softmax(logits, bins: bins, into: base)
      var sum: Float = 0
      for bin in 0..<bins { sum += probabilities[bin] * Float(bin) }
      return sum
    }
  }

  private static func expectation(_ logits: SIMD16<Float>) -> Float {
    let weights = exponential(logits - logits.max())
    let bins = SIMD16<Float>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    return (weights * bins).sum() / weights.sum()
  }

  /// Writes the probability of each bin.
  static func softmax(
    _ logits: UnsafePointer<Float>, bins: Int, into probabilities: UnsafeMutablePointer<Float>
  ) {
    var largest = logits[0]
    for bin in 1..<bins where !(logits[bin] <= largest) { largest = logits[bin] }
    var sum: Float = 0
    for bin in 0..<bins {
      let weight = exp(logits[bin] - largest)
      probabilities[bin] = weight
      sum += weight
    }
    for bin in 0..<bins { probabilities[bin] /= sum }
  }
}
