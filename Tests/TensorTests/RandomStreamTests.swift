import Tensor
import Testing

@Suite struct `Random streams` {
  /// Known answers of Random123's `kat_vectors` for philox4x32-10.
  @Test func `give Philox's published numbers`() {
    #expect(
      Philox.block(counter: (0, 0, 0, 0), key: (0, 0)) == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    )
    let ones = UInt32.max
    #expect(
      Philox.block(counter: (ones, ones, ones, ones), key: (ones, ones))
        == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
  }

  @Test func `differ by seed, purpose, epoch and index, and repeat otherwise`() {
    func first(_ stream: RandomStream) -> [UInt64] {
      var stream = stream
      return (0..<5).map { _ in stream.next() }
    }
    let streams = [
      RandomStream(seed: 1, purpose: .augmentation), RandomStream(seed: 2, purpose: .augmentation),
      RandomStream(seed: 1, purpose: .shuffling), RandomStream(seed: 1, purpose: .augmentation, epoch: 1),
      RandomStream(seed: 1, purpose: .augmentation, index: 1),
    ]
    #expect(Set(streams.map(first)).count == streams.count)
    #expect(first(streams[0]) == first(RandomStream(seed: 1, purpose: .augmentation)))
  }

  @Test func `are uniform, normal and permute`() {
    var stream = RandomStream(seed: 3, purpose: .test)
    let uniform = (0..<20_000).map { _ in stream.uniform(2, 6) }
    #expect(uniform.allSatisfy { $0 >= 2 && $0 < 6 })
    #expect(abs(uniform.reduce(0, +) / 20_000 - 4) < 0.03)
    let normal = (0..<20_000).map { _ in stream.normal() }
    #expect(abs(normal.reduce(0, +) / 20_000) < 0.03)
    #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / 20_000 - 1) < 0.04)
    #expect(stream.permutation(100).sorted() == Array(0..<100))
  }

  /// 2⁴⁰ + 3 is an index whose upper bits do not count.
  @Test(arguments: [(0, 5), (0, 64), (2, 31), (96, 1000), (70, 33)])
  func `give the same numbers many at once, from any even place`(first: Int, count: Int) {
    let stream = RandomStream(seed: 0x1234_5678_9ABC, purpose: .test, epoch: 7, index: 1 << 40 + 3)
    var one = stream
    for _ in 0..<first { _ = one.next() }
    let wanted = (0..<count).map { _ in Float(one.uniform(-0.3, 0.7)) }
    var found = [Float](repeating: .nan, count: count)
    found.withUnsafeMutableBufferPointer { stream.uniform(-0.3, 0.7, from: first, to: $0) }
    #expect(found == wanted)
    var later = stream.beginning(after: first / 2)
    var plain = stream
    for _ in 0..<first { _ = plain.next() }
    #expect((0..<5).map { _ in later.next() } == (0..<5).map { _ in plain.next() })
  }
}
