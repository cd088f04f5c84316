internal import Foundation
internal import Tensor

/// A two-sided permutation test of the difference of two means.
///
/// If nothing but chance tells two variants apart, every way of dealing their runs out to the two names was equally
/// likely. The p-value is twice the smaller tail of the differences that all deals give, at most 1. Runs are not paired
/// by seed: seeds of different variants draw nothing in common once their networks or losses differ.
///
/// Source: Pitman, Significance tests which may be applied to samples from any populations, 1937; Phipson and Smyth,
/// Permutation p-values should never be zero, arXiv:1603.05766, for random deals.
public struct PermutationTest: Sendable, Equatable {
  /// Mean of the first sample less that of the second.
  public let difference: Double
  /// NaN where a sample is empty.
  public let pValue: Double
  /// The least p-value that so many runs could give, however different they were.
  public let smallestReachable: Double
  /// Deals looked at.
  public let deals: Int
  /// All deals were looked at, not a random choice of them.
  public let isExact: Bool

  /// - Parameters:
  ///   - limit: up to how many deals all are looked at; else as many random ones.
  ///   - seed: of the random deals.
  public init(_ first: [Double], _ second: [Double], limit: Int = 20_000, seed: UInt64 = 0) {
    let first = first.filter(\.isFinite)
    let second = second.filter(\.isFinite)
    difference = SampleSummary(first).mean - SampleSummary(second).mean
    guard !first.isEmpty, !second.isEmpty else {
      (pValue, smallestReachable, deals, isExact) = (.nan, .nan, 0, true)
      return
    }
    let pool = first + second
    let observed = Self.difference(pool, Array(first.indices))
    // Deals whose difference is the same but for rounding count as equal.
    let slack = max(abs(observed) * 1e-14, pool.map { abs($0) }.reduce(0, max) * 1e-15)
    var below = 0
    var above = 0
    func count(_ value: Double) {
      if value <= observed + slack { below += 1 }
      if value >= observed - slack { above += 1 }
    }
    if let all = Self.ways(pool.count, first.count), all <= max(limit, 1) {
      var chosen = Array(first.indices)
      repeat { count(Self.difference(pool, chosen)) } while Self.advance(&chosen, below: pool.count)
      pValue = min(1, 2 * Double(min(below, above)) / Double(all))
      (smallestReachable, deals, isExact) = (min(1, 2 / Double(all)), all, true)
    } else {
      let total = max(limit, 1)
      var stream = RandomStream(seed: seed, purpose: .resampling, epoch: 1)
      for _ in 0..<total {
        count(Self.difference(pool, Array(stream.permutation(pool.count).prefix(first.count))))
      }
      pValue = min(1, 2 * Double(min(below, above) + 1) / Double(total + 1))
      (smallestReachable, deals, isExact) = (min(1, 2 / Double(total + 1)), total, false)
    }
  }

  private static func difference(_ pool: [Double], _ chosen: [Int]) -> Double {
    var isChosen = [Bool](repeating: false, count: pool.count)
    for index in chosen { isChosen[index] = true }
    var sums = (0.0, 0.0)
    for (value, isFirst) in zip(pool, isChosen) {
      if isFirst { sums.0 += value } else { sums.1 += value }
    }
    return sums.0 / Double(chosen.count) - sums.1 / Double(pool.count - chosen.count)
  }

  /// The next choice in lexicographic order.
  private static func advance(_ chosen: inout [Int], below count: Int) -> Bool {
    var place = chosen.count - 1
    while place >= 0, chosen[place] == count - chosen.count + place { place -= 1 }
    guard place >= 0 else { return false }
    chosen[place] += 1
    for next in (place + 1)..<max(place + 1, chosen.count) { chosen[next] = chosen[next - 1] + 1 }
    return true
  }

  /// How many ways there are to choose; nil if beyond counting.
  private static func ways(_ count: Int, _ chosen: Int) -> Int? {
    var result = 1
    for step in 0..<min(chosen, count - chosen) {
      let (product, overflow) = result.multipliedReportingOverflow(by: count - step)
      if overflow { return nil }
      result = product / (step + 1)
    }
    return result
  }
}
