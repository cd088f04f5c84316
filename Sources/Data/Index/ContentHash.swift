/// A 128-bit hash of labels, to tell data sets and specs apart; it resists chance, not malice.
package struct ContentHash {
  private var first: UInt64 = 0x6A09_E667_F3BC_C908
  private var second: UInt64 = 0xBB67_AE85_84CA_A73B

  package init() {}

  package mutating func add(_ word: UInt64) {
    first = (first ^ word) &* 0x9E37_79B9_7F4A_7C15
    first ^= first >> 32
    second = (second &+ word) &* 0xC2B2_AE3D_27D4_EB4F
    second = second << 31 | second >> 33
  }

  /// Whole words first, then the rest.
  package mutating func add(bytes: [UInt8]) {
    add(bytes.count)
    bytes.withUnsafeBytes { buffer in
      let whole = buffer.count & ~7
      for offset in stride(from: 0, to: whole, by: 8) {
        add(buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
      for offset in whole..<buffer.count { add(UInt64(buffer[offset])) }
    }
  }

  package mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

  package mutating func add(_ text: some StringProtocol) {
    add(text.utf8.count)
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  package mutating func add(_ values: [Float]) {
    add(values.count)
    for value in values { add(UInt64(value.bitPattern)) }
  }

  package mutating func add(_ values: [Double]) {
    add(values.count)
    for value in values { add(value.bitPattern) }
  }

  package mutating func add(_ values: some Collection<some BinaryInteger>) {
    add(values.count)
    for value in values { add(UInt64(truncatingIfNeeded: value)) }
  }

  /// The hash of words in the machine's byte order; bytes beyond the last whole one are left out.
  static func of(words bytes: UnsafeRawBufferPointer) -> (first: UInt64, second: UInt64) {
    var hash = ContentHash()
    for offset in stride(from: 0, to: bytes.count & ~7, by: 8) {
      hash.add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    return hash.words
  }

  /// The hash as two words.
  var words: (first: UInt64, second: UInt64) {
    // What was added last must reach all digits.
    var mixed = self
    for _ in 0..<4 { mixed.add(mixed.second) }
    return (mixed.first, mixed.second)
  }

  /// 32 hexadecimal digits.
  package var text: String {
    let words = words
    return [words.first, words.second].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
