internal import FileSystem

/// Writes a zip archive of stored entries. The bytes of the file depend on nothing but what was added: it carries
/// no times, owners or paths.
///
/// Format: PKWARE APPNOTE 6.3, without Zip64.
package struct ZipWriter {
  /// Hands an entry's bytes, in order and in pieces of any size, to the function it is given. Called twice: once
  /// for the checksum.
  package typealias Producer = (_ sink: (UnsafeRawBufferPointer) throws -> Void) throws -> Void

  private struct Item {
    var name: [UInt8]
    var producer: Producer
  }

  /// Each entry's bytes begin at a multiple of this; 1 for no padding.
  package var alignment: Int
  private var items: [Item] = []

  package init(alignment: Int = 1) { self.alignment = max(1, alignment) }

  /// Adds an entry whose bytes are produced while the file is written.
  package mutating func add(_ name: String, producer: @escaping Producer) {
    items.append(Item(name: Array(name.utf8), producer: producer))
  }

  package mutating func add(_ name: String, bytes: [UInt8]) {
    add(name) { sink in try bytes.withUnsafeBytes(sink) }
  }

  /// Writes the file, replacing one of that name.
  ///
  /// - Throws: `ZipError`, or what a producer throws; the old file is then untouched.
  package func write(to path: String) throws {
    do {
      let output = try AtomicFile(path)
      try write(file: path) { try output.write($0) }
      try output.commit()
    } catch let error as FileError {
      throw ZipError(file: path, problem: .file(error))
    }
  }

  /// The whole archive in memory.
  package func bytes() throws -> [UInt8] {
    var result: [UInt8] = []
    try write(file: "memory") { result.append(contentsOf: $0) }
    return result
  }

  private func write(file: String, sink: (UnsafeRawBufferPointer) throws -> Void) throws {
    let tooLarge = ZipError(file: file, problem: .tooLargeToWrite)
    guard items.count < 0xFFFF, items.allSatisfy({ $0.name.count < 0x8000 }) else { throw tooLarge }
    var directory: [UInt8] = []
    var position = 0
    for item in items {
      var checksum = CRC32()
      var size = 0
      try item.producer {
        checksum.append($0)
        size += $0.count
      }
      let padding = padding(at: position + 30 + item.name.count)
      guard let shortSize = UInt32(exactly: size), let offset = UInt32(exactly: position),
        position + 30 + item.name.count + padding + size < Int(UInt32.max)
      else { throw tooLarge }
      let fields = Fields(name: item.name, checksum: checksum.value, size: shortSize)
      try (fields.local(padding: padding)).withUnsafeBytes(sink)
      var written = 0
      try item.producer {
        written += $0.count
        guard written <= size else { throw tooLarge }
        try sink($0)
      }
      precondition(written == size, "ZipWriter: a producer gave \(size) bytes, then \(written)")
      directory += fields.central(offset: offset)
      position += 30 + item.name.count + padding + size
    }
    guard let start = UInt32(exactly: position), let length = UInt32(exactly: directory.count) else {
      throw tooLarge
    }
    directory += LittleEndian.bytes(UInt32(0x0605_4B50)) + [0, 0, 0, 0]
    for _ in 0..<2 { directory += LittleEndian.bytes(UInt16(items.count)) }
    directory += LittleEndian.bytes(length) + LittleEndian.bytes(start) + [0, 0]
    try directory.withUnsafeBytes(sink)
  }

  /// Bytes of the extra field that moves the data from `position` to the next multiple; none or at least four.
  private func padding(at position: Int) -> Int {
    var padding = (alignment - position % alignment) % alignment
    while padding > 0 && padding < 4 { padding += alignment }
    return padding
  }

  /// What both records of an entry say.
  private struct Fields {
    var name: [UInt8]
    var checksum: UInt32
    var size: UInt32

    func local(padding: Int) -> [UInt8] {
      var record = LittleEndian.bytes(UInt32(0x0403_4B50)) + common
      record += LittleEndian.bytes(UInt16(padding)) + name
      if padding > 0 {
        // A field of its own kind, which readers skip.
        record += Array("FB".utf8) + LittleEndian.bytes(UInt16(padding - 4))
        record += [UInt8](repeating: UInt8(ascii: "Z"), count: padding - 4)
      }
      return record
    }

    func central(offset: UInt32) -> [UInt8] {
      let made = LittleEndian.bytes(UInt32(0x0201_4B50)) + LittleEndian.bytes(UInt16(20)) + common
      return made + [UInt8](repeating: 0, count: 12) + LittleEndian.bytes(offset) + name
    }

    /// From the version that is needed to the length of the name; names are UTF-8, the date the earliest.
    private var common: [UInt8] {
      let sizes = LittleEndian.bytes(checksum) + LittleEndian.bytes(size) + LittleEndian.bytes(size)
      return [20, 0, 0x00, 0x08, 0, 0, 0, 0, 0x21, 0] + sizes + LittleEndian.bytes(UInt16(name.count))
    }
  }
}

/// Numbers as files write them.
enum LittleEndian {
  static func bytes(_ number: some FixedWidthInteger & BitwiseCopyable) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
