/// Reads little-endian numbers from bytes, never beyond their end.
struct LittleEndianReader {
  let bytes: UnsafeRawBufferPointer
  var position: Int

  init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var remaining: Int { bytes.count - position }

  /// The next number; nil at the end.
  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard position >= 0, remaining >= size else { return nil }
    defer { position += size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
  }

  /// The next `count` bytes; nil where there are fewer.
  mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
    guard position >= 0, count >= 0, remaining >= count else { return nil }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
  }

  mutating func skip(_ count: Int) -> Bool { take(count) != nil }
}
