/// Reads the JSON of a safetensors header: exactly the grammar of the format, nothing else.
///
/// A general JSON reader would let duplicate keys, floating-point sizes and unknown fields pass.
struct SafetensorsHeaderParser {
  typealias Entry = SafetensorsHeader.Entry

  private let bytes: [UInt8]
  private let file: String
  private var position = 0
  /// The tensor being read, for errors.
  private var tensor: String?

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  mutating func parse() throws(SafetensorsError) -> ([String: String], [String: Entry]) {
    var metadata: [String: String]?
    var entries: [String: Entry] = [:]
    guard bytes.first == UInt8(ascii: "{") else { throw malformed("expected '{'") }
    try object { parser, key throws(SafetensorsError) in
      if key == "__metadata__" {
        guard metadata == nil else { throw parser.failure(.duplicateKey(key)) }
        metadata = try parser.strings()
      } else {
        guard entries[key] == nil else { throw parser.failure(.duplicateKey(key)) }
        parser.tensor = key
        entries[key] = try parser.entry()
        parser.tensor = nil
      }
    }
    skipSpace()
    guard position == bytes.count else { throw malformed("text after the closing '}'") }
    return (metadata ?? [:], entries)
  }

  private mutating func entry() throws(SafetensorsError) -> Entry {
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try object { parser, key throws(SafetensorsError) in
      switch key {
      case "dtype":
        guard type == nil else { throw parser.failure(.duplicateKey(key)) }
        let name = try parser.string()
        guard let known = ElementType(rawValue: name) else {
          throw parser.failure(.unsupportedType(name))
        }
        type = known
      case "shape":
        guard shape == nil else { throw parser.failure(.duplicateKey(key)) }
        shape = try parser.integers()
      case "data_offsets":
        guard offsets == nil else { throw parser.failure(.duplicateKey(key)) }
        offsets = try parser.integers()
      default: throw parser.malformed("unknown key '\(key)'")
      }
    }
    guard let type, let shape, let offsets else {
      throw malformed("'dtype', 'shape' and 'data_offsets' are all needed")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw malformed("'data_offsets' must be a begin and an end")
    }
    return Entry(type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  private mutating func strings() throws(SafetensorsError) -> [String: String] {
    var result: [String: String] = [:]
    try object { parser, key throws(SafetensorsError) in
      guard result[key] == nil else { throw parser.failure(.duplicateKey(key)) }
      result[key] = try parser.string()
    }
    return result
  }

  // MARK: JSON

  private mutating func object(
    _ member: (inout Self, String) throws(SafetensorsError) -> Void
  ) throws(SafetensorsError) {
    try expect("{")
    skipSpace()
    if take("}") { return }
    repeat {
      skipSpace()
      let key = try string()
      try expect(":")
      try member(&self, key)
      skipSpace()
    } while take(",")
    try expect("}")
  }

  private mutating func integers() throws(SafetensorsError) -> [Int] {
    var result: [Int] = []
    try expect("[")
    skipSpace()
    if take("]") { return result }
    repeat {
      result.append(try integer())
      skipSpace()
    } while take(",")
    try expect("]")
    return result
  }

  private mutating func integer() throws(SafetensorsError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(bytes[position] - 0x30))
      guard !overflow, !carry else { throw malformed("number too large") }
      value = sum
      position += 1
    }
    guard position > start else { throw malformed("expected a whole number that is not negative") }
    guard position == start + 1 || bytes[start] != 0x30 else { throw malformed("number with a leading zero") }
    return value
  }

  private mutating func string() throws(SafetensorsError) -> String {
    try expect("\"")
    let start = position
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          position = start
          throw malformed("text is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20: throw malformed("control character in text")
      default: text.append(byte)
      }
    }
    throw malformed("text without an end")
  }

  private mutating func escape() throws(SafetensorsError) -> Unicode.Scalar {
    guard position < bytes.count else { throw malformed("text without an end") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var value = try hexadecimal()
      if (0xD800..<0xDC00).contains(value) {
        guard take("\\"), take("u") else { throw malformed("half of a surrogate pair") }
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw malformed("half of a surrogate pair") }
        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(value) else { throw malformed("half of a surrogate pair") }
      return scalar
    default: throw malformed("unknown escape in text")
    }
  }

  private mutating func hexadecimal() throws(SafetensorsError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
      else {
        throw malformed("expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsError) {
    skipSpace()
    guard take(character) else { throw malformed("expected '\(character)'") }
  }

  private func malformed(_ reason: String) -> SafetensorsError {
    failure(.malformedHeader(offset: 8 + position, reason: reason))
  }

  private func failure(_ problem: SafetensorsError.Problem) -> SafetensorsError {
    SafetensorsError(file: file, tensor: tensor, problem: problem)
  }
}
