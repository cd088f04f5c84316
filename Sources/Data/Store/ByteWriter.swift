internal import FileSystem

/// Writes numbers and arrays of them, in the machine's byte order, each array with its length before it and padded to
/// eight bytes; at the end a checksum of all.
struct ByteWriter {
  private let file: AtomicFile
  private var hash = ContentHash()

  init(_ file: AtomicFile) { self.file = file }

  mutating func append(_ word: UInt64) throws(FileError) {
    hash.add(word)
    try write(withUnsafeBytes(of: word) { Array($0) })
  }

  mutating func append<Element: BitwiseCopyable>(_ array: [Element]) throws(FileError) {
    try append(UInt64(array.count))
    let rest = try array.withUnsafeBufferPointer { (elements) throws(FileError) -> [UInt8] in
      let bytes = UnsafeRawBufferPointer(elements)
      let whole = bytes.count & ~7
      for offset in stride(from: 0, to: whole, by: 8) {
        hash.add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
      try file.write(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
      return Array(bytes[whole...])
    }
    if rest.isEmpty { return }
    let padded = rest + Array(repeating: 0, count: 8 - rest.count)
    hash.add(padded.withUnsafeBytes { $0.load(as: UInt64.self) })
    try write(padded)
  }

  mutating func finish() throws(FileError) {
    let words = hash.words
    try write(
      withUnsafeBytes(of: words.first) { Array($0) } + withUnsafeBytes(of: words.second) { Array($0) })
  }

  private func write(_ bytes: [UInt8]) throws(FileError) { try file.write(bytes) }
}

/// Reads what a `ByteWriter` wrote; nil where the bytes end too early.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func word() -> UInt64? {
    guard bytes.count - position >= 8 else { return nil }
    defer { position += 8 }
    return bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
  }

  mutating func array<Element: BitwiseCopyable>(_ type: Element.Type) -> [Element]? {
    guard let length = word(), length <= UInt64(bytes.count - position) else { return nil }
    let size = Int(length) * MemoryLayout<Element>.stride
    let padded = (size + 7) & ~7
    guard padded <= bytes.count - position else { return nil }
    defer { position += padded }
    let part = UnsafeRawBufferPointer(rebasing: bytes[position..<(position + size)])
    return [Element](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: part)
      count = Int(length)
    }
  }
}
