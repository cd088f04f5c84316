/// The checksum of zip archives: CRC-32 with the reversed polynomial 0xEDB88320 (ISO 3309), eight bytes a step.
package struct CRC32 {
  private var state: UInt32 = 0xFFFF_FFFF

  package init() {}

  /// Of everything so far.
  package var value: UInt32 { ~state }

  package static func value(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    var checksum = CRC32()
    checksum.append(bytes)
    return checksum.value
  }

  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    var state = state
    Self.tables.withUnsafeBufferPointer { table in
      var index = 0
      let whole = bytes.count & ~7
      while index < whole {
        let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian ^ UInt64(state)
        var next: UInt32 = 0
        for byte in 0..<8 { next ^= table[(7 - byte) << 8 | Int(word >> (8 * UInt64(byte)) & 0xFF)] }
        state = next
        index += 8
      }
      while index < bytes.count {
        state = state >> 8 ^ table[Int((state ^ UInt32(bytes[index])) & 0xFF)]
        index += 1
      }
    }
    self.state = state
  }

  /// Eight tables of 256: the n-th for a byte that n zero bytes follow.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
      tables[byte] = value
    }
    for index in 256..<tables.count {
      let before = tables[index - 256]
      tables[index] = before >> 8 ^ tables[Int(before & 0xFF)]
    }
    return tables
  }()
}
