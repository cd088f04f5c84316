/// The Castagnoli checksum, which record files protect themselves with.
///
/// Source: RFC 3720 (iSCSI), appendix B.4: polynomial 0x1EDC6F41, reflected.
struct CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    var value = UInt32(byte)
    for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ 0x82F6_3B78 }
    return value
  }

  private var state: UInt32 = .max

  init(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      state = Self.table[Int(truncatingIfNeeded: state ^ UInt32(byte)) & 0xFF] ^ state >> 8
    }
  }

  var value: UInt32 { ~state }

  /// As record files store it: a checksum of data that holds its own checksum would be no good one, so it is turned
  /// and moved.
  var masked: UInt32 { (value >> 15 | value << 17) &+ 0xA282_EAD8 }
}
