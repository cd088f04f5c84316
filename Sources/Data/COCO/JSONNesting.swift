/// Follows the brackets of a JSON text piece by piece, to find where a value ends.
struct JSONNesting {
  private var depth = 0
  private var inText = false
  private var escaped = false

  /// Reads on from `start`, which in the first call is the value's opening bracket.
  ///
  /// - Returns: the index after the value's closing bracket, or nil if it is not among these bytes.
  mutating func advance(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int? {
    var index = start
    while true {
      if inText { index = skipText(bytes, from: index, to: end) }
      index = JSONNesting.nextMark(bytes, from: index, to: end)
      guard index < end else { return nil }
      switch bytes[index] {
      case UInt8(ascii: "\""): inText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return index + 1 }
      default: break
      }
      index += 1
    }
  }

  private mutating func skipText(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    var index = start
    while index < end {
      let byte = bytes[index]
      index += 1
      if escaped {
        escaped = false
      } else if byte == UInt8(ascii: "\\") {
        escaped = true
      } else if byte == UInt8(ascii: "\"") {
        inText = false
        break
      }
    }
    return index
  }

  /// The next quote or bracket (or, harmlessly, a letter whose bits resemble one).
  ///
  /// Eight bytes at a time: `[`, `]`, `{` and `}` are all 0x59 under the mask 0xD9, and a byte of a word is zero
  /// where subtracting one borrows from its top bit.
  @inline(__always)
  private static func nextMark(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var index = start
    while index + 8 <= end {
      let word = UInt64(littleEndian: UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self))
      let quote = word ^ (ones &* 0x22)
      let bracket = (word & (ones &* 0xD9)) ^ (ones &* 0x59)
      let marks = ((quote &- ones) & ~quote | (bracket &- ones) & ~bracket) & tops
      if marks != 0 { return index + marks.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < end {
      let byte = bytes[index]
      if byte == 0x22 || byte & 0xD9 == 0x59 { return index }
      index += 1
    }
    return end
  }
}

extension UInt8 {
  var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
