import Foundation
import Interchange
import Testing

@Suite struct `Zip archives` {
  private func sample() throws -> [UInt8] {
    var writer = ZipWriter()
    writer.add("a/one", bytes: Array("hello".utf8))
    writer.add("a/two", bytes: Array("world!".utf8))
    return try writer.bytes()
  }

  private func message(_ bytes: [UInt8]) -> String {
    do {
      let archive = try ZipArchive(bytes: bytes, name: "z")
      for name in archive.names { _ = try archive.bytes(of: name, limit: 100) }
      return ""
    } catch {
      return "\(error)"
    }
  }

  /// The bytes with a text replaced by another of its length.
  private func replacing(_ old: String, _ new: String, in bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let (old, new) = (Array(old.utf8), Array(new.utf8))
    for start in 0...(bytes.count - old.count) where Array(bytes[start..<(start + old.count)]) == old {
      bytes.replaceSubrange(start..<(start + old.count), with: new)
    }
    return bytes
  }

  @Test func `give back what was written, aligned where that is asked for`() throws {
    for alignment in [1, 8, 64] {
      var writer = ZipWriter(alignment: alignment)
      let long = [UInt8]((0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
      writer.add("a/one", bytes: Array("hello".utf8))
      writer.add("ünï", bytes: long)
      writer.add("empty", bytes: [])
      let bytes = try writer.bytes()
      #expect(try writer.bytes() == bytes)
      let archive = try ZipArchive(bytes: bytes, name: "z")
      #expect(archive.names == ["a/one", "ünï", "empty"])
      #expect(try archive.bytes(of: "ünï", limit: 1000) == long)
      #expect(try archive.bytes(of: "empty", limit: 0) == [])
      #expect(archive.size(of: "a/one") == 5 && archive.size(of: "x") == nil)
      let start = try #require(bytes.indices.first { bytes[$0...].starts(with: long.prefix(100)) })
      #expect(start.isMultiple(of: alignment))
    }
  }

  @Test func `have the checksum of ISO 3309`() {
    let value = Array("123456789".utf8).withUnsafeBytes { CRC32.value(of: $0) }
    #expect(value == 0xCBF4_3926)
    let long = [UInt8](repeating: 0xFF, count: 32).withUnsafeBytes { CRC32.value(of: $0) }
    #expect(long == 0xFF6C_AB0B)
  }

  @Test func `of every kind of damage are refused`() throws {
    let whole = try sample()
    for length in whole.indices { #expect(!message(Array(whole[..<length])).isEmpty, "\(length) bytes") }
    for place in whole.indices {
      for bit in 0..<8 {
        var flipped = whole
        flipped[place] ^= 1 << bit
        // What still opens holds the same: the change is in a version, a date or an attribute.
        guard message(flipped).isEmpty else { continue }
        let archive = try ZipArchive(bytes: flipped, name: "z")
        #expect(archive.names == ["a/one", "a/two"])
        #expect(try archive.bytes(of: "a/one", limit: 9) == Array("hello".utf8))
        #expect(try archive.bytes(of: "a/two", limit: 9) == Array("world!".utf8))
      }
    }
  }

  @Test func `say what is wrong`() throws {
    let whole = try sample()
    #expect(message([]).contains("the end of the zip archive is missing"))
    #expect(message(Array(whole.dropLast())).contains("the end of the zip archive is missing"))
    #expect(
      message(replacing("hello", "hallo", in: whole)) == """
        z: entry 'a/one': its checksum is wrong: the file is damaged, so copy or download it again
        """)
    for name in ["../xy", "/a/bc", "a/../", "a\\..\\", "C:/ab", "a\u{1B}[mx", "./a/b"] {
      let bytes = replacing("a/one", String(name.prefix(5)), in: whole)
      #expect(message(bytes).contains("leads out of the archive"), "\(name): \(message(bytes))")
    }
    #expect(message(replacing("a/two", "a/one", in: whole)).contains("appears twice"))
    #expect(throws: ZipError.self) { try ZipArchive(bytes: whole, name: "z").bytes(of: "a/one", limit: 4) }
    #expect(throws: ZipError.self) { try ZipArchive(bytes: whole, name: "z").bytes(of: "b", limit: 4) }
  }

  /// The directory's first entry says that its bytes are those of the second.
  @Test func `with entries that share bytes are refused`() throws {
    var writer = ZipWriter()
    var inner = ZipWriter()
    inner.add("x", bytes: [1, 2, 3])
    let hidden = Array(try inner.bytes().prefix(34))
    writer.add("a", bytes: hidden)
    writer.add("x", bytes: [1, 2, 3])
    var bytes = try writer.bytes()
    // The place of the second entry's record in the directory: it now lies within the first.
    let record = Array("PK\u{1}\u{2}".utf8)
    let places = bytes.indices.filter { bytes[$0...].starts(with: record) }
    bytes[places[1] + 42] = 31
    #expect(message(bytes) == "z: entry 'x': shares bytes with entry 'a'; the file is refused")
  }

  @Test func `with compressed entries are refused, so nothing can be a bomb`() throws {
    var bytes = try sample()
    let places = bytes.indices.filter { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) }
    bytes[places[0] + 10] = 8
    #expect(message(bytes).contains("entry 'a/one': is compressed (method 8)"))
    bytes[places[0] + 10] = 0
    bytes[places[0] + 8] = 1
    #expect(message(bytes).contains("is encrypted"))
  }
}
