internal import FileSystem

/// Random access to the bytes of a picture, from memory or through a small window onto a file.
struct HeaderSource {
  private let file: RandomAccessFile?
  private var window: [UInt8]
  private var windowStart = 0

  private static var windowSize: Int { 4096 }

  init(bytes: [UInt8]) {
    file = nil
    window = bytes
  }

  init(file: RandomAccessFile) {
    self.file = file
    window = []
  }

  /// - Throws: `.truncated` behind the end.
  mutating func byte(at offset: Int) throws(ImageError) -> Int {
    if offset < windowStart || offset >= windowStart + window.count {
      try load(offset)
      if offset >= windowStart + window.count { throw ImageError(.truncated) }
    }
    return Int(window[offset - windowStart])
  }

  mutating func bytes(at offset: Int, atMost count: Int) throws(ImageError) -> [UInt8] {
    var result: [UInt8] = []
    for position in offset..<offset + count {
      do throws(ImageError) {
        result.append(UInt8(try byte(at: position)))
      } catch {
        if error.reason == .truncated { break }
        throw error
      }
    }
    return result
  }

  /// Four letters, such as the name of a chunk.
  mutating func tag(at offset: Int) throws(ImageError) -> String {
    _ = try byte(at: offset + 3)
    return String(decoding: try bytes(at: offset, atMost: 4), as: UTF8.self)
  }

  mutating func uint16(at offset: Int, littleEndian: Bool = false) throws(ImageError) -> Int {
    let (first, second) = (try byte(at: offset), try byte(at: offset + 1))
    return littleEndian ? second << 8 | first : first << 8 | second
  }

  mutating func uint32(at offset: Int, littleEndian: Bool = false) throws(ImageError) -> Int {
    let first = try uint16(at: offset, littleEndian: littleEndian)
    let second = try uint16(at: offset + 2, littleEndian: littleEndian)
    return littleEndian ? second << 16 | first : first << 16 | second
  }

  private mutating func load(_ offset: Int) throws(ImageError) {
    guard let file else { return }
    do throws(FileError) {
      window = try file.read(at: offset, count: HeaderSource.windowSize)
    } catch {
      throw ImageError(error)
    }
    windowStart = offset
  }
}
