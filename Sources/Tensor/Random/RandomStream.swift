import Foundation
import Kernels

/// What a stream of random numbers is for; two purposes never share numbers.
public enum RandomPurpose: UInt32, Sendable {
  case initialization = 1
  case shuffling = 2
  case augmentation = 3
  case dropout = 4
  case synthesis = 5
  case subset = 6
  case batchSize = 7
  case resampling = 8
  case test = 99
}

/// A stream of random numbers addressed by (seed, purpose, epoch, index).
///
/// Streams are independent of each other and of how far any has been read, so nothing depends on thread timing.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let key: (UInt32, UInt32)
  private let epoch: UInt32
  private let index: UInt32
  private var counter: UInt64 = 0
  private var buffer: (UInt64, UInt64) = (0, 0)
  private var left = 0

  public init(seed: UInt64, purpose: RandomPurpose, epoch: Int = 0, index: Int = 0) {
    // Seed and purpose are mixed by one Philox block, so that neighbouring seeds have unrelated keys.
    let mixed = Philox.block(
      counter: (
        UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32), purpose.rawValue, 0
      ),
      key: (0x5053_454C, 0x6162_4F4C))
    key = (mixed.0, mixed.1)
    self.epoch = UInt32(truncatingIfNeeded: epoch)
    self.index = UInt32(truncatingIfNeeded: index)
  }

  public mutating func next() -> UInt64 {
    if left == 0 {
      let block = Philox.block(
        counter: (
          UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32), epoch, index
        ),
        key: key)
      counter += 1
      buffer = (UInt64(block.1) << 32 | UInt64(block.0), UInt64(block.3) << 32 | UInt64(block.2))
      left = 2
    }
    left -= 1
    return left == 1 ? buffer.0 : buffer.1
  }

  /// Uniform in 0..<1 with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in `range`'s half-open form.
  public mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    lower + (upper - lower) * uniform()
  }

  /// Numbers of the stream from its beginning on, as `Float(uniform(lower, upper))` would give them one after the other.
  ///
  /// - Parameter first: the place in the stream of the first that is wanted.
  /// - Precondition: `first` is even and not negative.
  package func uniform(
    _ lower: Double, _ upper: Double, from first: Int, to output: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(first >= 0 && first.isMultiple(of: 2), "RandomStream: numbers come in pairs")
    guard let base = output.baseAddress else { return }
    var stream = pl_random_stream(key: key, address: (epoch, index))
    pl_random_uniform(&stream, UInt64(first / 2), output.count, lower, upper, base)
  }

  /// The stream from a place in it on.
  ///
  /// - Parameter pairs: how many pairs of numbers come before.
  package func beginning(after pairs: Int) -> RandomStream {
    var stream = self
    stream.counter = UInt64(pairs)
    stream.left = 0
    return stream
  }

  /// Uniform in 0..<bound.
  ///
  /// - Precondition: `bound > 0`.
  public mutating func integer(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// Standard normal, by Box and Muller.
  public mutating func normal() -> Double {
    let radius = (-2 * Foundation.log(1 - uniform())).squareRoot()
    return radius * Foundation.cos(2 * Double.pi * uniform())
  }

  /// True with probability `chance`; always reads one number.
  public mutating func bernoulli(_ chance: Double) -> Bool { uniform() < chance }

  /// 0..<count in random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    var last = count - 1
    while last > 0 {
      order.swapAt(last, integer(below: last + 1))
      last -= 1
    }
    return order
  }
}
