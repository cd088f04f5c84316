internal import FileSystem

/// Walks the outermost structure of a JSON file without holding the file in memory.
struct JSONFileCursor {
  let file: RandomAccessFile
  /// Of the next byte.
  private(set) var offset = 0
  private var window: [UInt8] = []
  private var windowStart = 0
  private static let windowSize = 1 << 18

  /// Opens the file and steps over a byte order mark.
  init(_ path: String) throws {
    file = try RandomAccessFile(path)
    if try file.read(at: 0, count: 3) == [0xEF, 0xBB, 0xBF] { offset = 3 }
  }

  /// Goes on at `offset`.
  mutating func seek(to offset: Int) { self.offset = offset }

  func error(_ message: String) -> COCOFileError {
    COCOFileError(path: file.path, place: "byte \(offset)", message: message)
  }

  /// The next byte that is no white space; nil at the end of the file.
  mutating func peek() throws -> UInt8? {
    while let byte = try current() {
      if !byte.isJSONSpace { return byte }
      offset += 1
    }
    return nil
  }

  /// Steps over the next byte, which must be `byte`.
  mutating func expect(_ byte: UInt8, _ context: String) throws {
    guard let found = try peek() else { throw error("the file ends too early, \(context)") }
    guard found == byte else {
      let wanted = Character(UnicodeScalar(byte))
      throw error("expected '\(wanted)' \(context), found '\(Character(UnicodeScalar(found)))'")
    }
    offset += 1
  }

  /// Steps over the next byte if it is `byte`.
  mutating func accept(_ byte: UInt8) throws -> Bool {
    guard try peek() == byte else { return false }
    offset += 1
    return true
  }

  /// Reads a member's name and its colon. Escapes stay as they are: no wanted name has any.
  mutating func key() throws -> String {
    try expect(UInt8(ascii: "\""), "before the name of a member")
    var bytes: [UInt8] = []
    var escaped = false
    while let byte = try current() {
      offset += 1
      if byte == UInt8(ascii: "\"") && !escaped {
        try expect(UInt8(ascii: ":"), "after a member's name")
        return String(decoding: bytes, as: UTF8.self)
      }
      escaped = byte == UInt8(ascii: "\\") && !escaped
      bytes.append(byte)
    }
    throw error("the file ends inside a member's name")
  }

  /// Steps over a value of any kind.
  mutating func skipValue() throws {
    guard let first = try peek() else { throw error("the file ends where a value should be") }
    switch first {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      try skipNested()
    case UInt8(ascii: "\""):
      offset += 1
      var escaped = false
      while let byte = try current() {
        offset += 1
        if byte == UInt8(ascii: "\"") && !escaped { return }
        escaped = byte == UInt8(ascii: "\\") && !escaped
      }
      throw error("the file ends inside a string")
    default:
      while let byte = try current(), !byte.isJSONSpace, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}"),
        byte != UInt8(ascii: "]")
      { offset += 1 }
    }
  }

  private mutating func skipNested() throws {
    var nesting = JSONNesting()
    while try current() != nil {
      let end = window.withUnsafeBufferPointer { bytes in
        bytes.baseAddress.flatMap { nesting.advance($0, from: offset - windowStart, to: bytes.count) }
      }
      if let end {
        offset = windowStart + end
        return
      }
      offset = windowStart + window.count
    }
    throw error("the file ends inside of a list or an object: it is truncated")
  }

  private mutating func current() throws -> UInt8? {
    if offset < windowStart || offset >= windowStart + window.count {
      window = try file.read(at: offset, count: JSONFileCursor.windowSize)
      windowStart = offset
    }
    return window.isEmpty ? nil : window[offset - windowStart]
  }
}
