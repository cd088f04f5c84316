import Foundation
import Testing

/// Reads an event file by its published form alone: records with checksums, fields of protocol buffers.
struct EventFile {
  /// A field of a message.
  struct Field {
    var number: Int
    /// Varints and fixed numbers as they are; zero for bytes.
    var bits: UInt64 = 0
    var bytes: [UInt8] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var fields: [Field] { get throws { try EventFile.fields(bytes) } }
    var float: Float { Float(bitPattern: UInt32(truncatingIfNeeded: bits)) }
    var double: Double { Double(bitPattern: bits) }
  }

  struct Damaged: Error {}

  var records: [[UInt8]] = []

  /// - Throws: where a record is cut off, or a checksum does not hold.
  init(_ path: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var rest = bytes[...]
    func take(_ count: Int) throws -> [UInt8] {
      guard count >= 0, rest.count >= count else { throw Damaged() }
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    func number(_ bytes: [UInt8]) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }
    while !rest.isEmpty {
      let length = try take(8)
      guard try number(take(4)) == Int(Self.masked(Self.crc32c(length))) else { throw Damaged() }
      let record = try take(number(length))
      guard try number(take(4)) == Int(Self.masked(Self.crc32c(record))) else { throw Damaged() }
      records.append(record)
    }
  }

  /// Bit by bit, by the definition.
  static func crc32c(_ bytes: [UInt8]) -> UInt32 {
    var remainder: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      for bit in 0..<8 {
        let isSet = (remainder ^ UInt32(byte >> bit)) & 1 == 1
        remainder >>= 1
        if isSet { remainder ^= 0x82F6_3B78 }
      }
    }
    return remainder ^ 0xFFFF_FFFF
  }

  static func masked(_ crc: UInt32) -> UInt32 { ((crc >> 15) | (crc << 17)) &+ 0xA282_EAD8 }

  static func fields(_ bytes: [UInt8]) throws -> [Field] {
    var place = 0
    func varint() throws -> UInt64 {
      var (value, shift): (UInt64, UInt64) = (0, 0)
      while true {
        guard place < bytes.count, shift < 64 else { throw Damaged() }
        let byte = bytes[place]
        place += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
    }
    func fixed(_ count: Int) throws -> UInt64 {
      guard place + count <= bytes.count else { throw Damaged() }
      defer { place += count }
      return bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    var fields: [Field] = []
    while place < bytes.count {
      let key = try varint()
      var field = Field(number: Int(key >> 3))
      switch key & 7 {
      case 0: field.bits = try varint()
      case 1: field.bits = try fixed(8)
      case 5: field.bits = try fixed(4)
      case 2:
        let count = Int(try varint())
        guard place + count <= bytes.count else { throw Damaged() }
        field.bytes = Array(bytes[place..<(place + count)])
        place += count
      default: throw Damaged()
      }
      fields.append(field)
    }
    return fields
  }

  /// Tags and values of the figures, by step.
  var figures: [Int: [String: Float]] {
    get throws {
      var found: [Int: [String: Float]] = [:]
      for record in records {
        let event = try Self.fields(record)
        let step = Int(event.first { $0.number == 2 }?.bits ?? 0)
        for value in try event.filter({ $0.number == 5 }).flatMap({ try $0.fields }) {
          let parts = try value.fields
          guard let tag = parts.first(where: { $0.number == 1 })?.text,
            let number = parts.first(where: { $0.number == 2 })
          else { continue }
          found[step, default: [:]][tag] = number.float
        }
      }
      return found
    }
  }
}
