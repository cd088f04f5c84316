internal import Foundation

/// Reads numbers as label files write them.
enum DecimalNumber {
  private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }

  /// The number that `text` spells, or nil; `nan` and `inf` are spelt out numbers, too.
  ///
  /// Short decimals, nearly all there are, take the exact way of Clinger (How to Read Floating Point Numbers
  /// Accurately, PLDI 1990): a mantissa below 2⁵³ divided by a power of ten up to 10²² rounds once.
  static func parse(_ text: some Collection<UInt8>) -> Double? {
    var mantissa: UInt64 = 0
    var (digits, decimals) = (0, 0)
    var (negative, pointSeen, isFirst) = (false, false, true)
    for byte in text {
      switch byte {
      case 0x30...0x39 where mantissa < 900_000_000_000_000:
        mantissa = mantissa * 10 + UInt64(byte - 0x30)
        digits += 1
        if pointSeen { decimals += 1 }
      case 0x2E where !pointSeen: pointSeen = true
      case 0x2D where isFirst: negative = true
      case 0x2B where isFirst: break
      default: return slow(text)
      }
      isFirst = false
    }
    guard digits > 0, decimals <= 22 else { return digits == 0 ? nil : slow(text) }
    let value = Double(mantissa) / powers[decimals]
    return negative ? -value : value
  }

  private static func slow(_ text: some Collection<UInt8>) -> Double? {
    guard text.count <= 400 else { return nil }
    // Hexadecimal is for programs, not for labels.
    if text.contains(where: { $0 == 0x78 || $0 == 0x58 }) { return nil }
    return Double(String(decoding: text, as: UTF8.self))
  }
}
