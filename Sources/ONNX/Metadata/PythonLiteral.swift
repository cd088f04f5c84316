/// The values that metadata of exported models is made of, written as Python prints them.
package enum PythonLiteral: Equatable, Sendable {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  /// Lists and tuples.
  case list([PythonLiteral])
  case dictionary([Entry])

  package struct Entry: Equatable, Sendable {
    package var key: PythonLiteral
    package var value: PythonLiteral

    package init(key: PythonLiteral, value: PythonLiteral) {
      self.key = key
      self.value = value
    }
  }

  package var text: String {
    switch self {
    case .none: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .int(let number): String(number)
    case .float(let number): String(number)
    case .string(let text): Self.quoted(text)
    case .list(let elements): "[" + elements.map(\.text).joined(separator: ", ") + "]"
    case .dictionary(let entries):
      "{" + entries.map { "\($0.key.text): \($0.value.text)" }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    var result = String(quote)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case quote: result += "\\" + String(quote)
      case _ where scalar.value < 32 || scalar.value == 127:
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + String(quote)
  }

  var int: Int? {
    switch self {
    case .int(let number): number
    case .float(let number): Int(exactly: number)
    default: nil
    }
  }

  var double: Double? {
    switch self {
    case .int(let number): Double(number)
    case .float(let number): number
    default: nil
    }
  }

  var string: String? { if case .string(let text) = self { text } else { nil } }
  var list: [PythonLiteral]? { if case .list(let elements) = self { elements } else { nil } }
  var ints: [Int]? {
    guard let list else { return nil }
    let numbers = list.compactMap(\.int)
    return numbers.count == list.count ? numbers : nil
  }

  subscript(key: String) -> PythonLiteral? {
    guard case .dictionary(let entries) = self else { return nil }
    return entries.last { $0.key == .string(key) }?.value
  }
}

extension PythonLiteral {
  /// Reads what Python prints; nil for anything else. Nothing is evaluated.
  package init?(_ text: String) {
    var parser = Parser(Array(text.utf8))
    guard let value = parser.value(depth: 0), parser.isAtEnd else { return nil }
    self = value
  }

  private struct Parser {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    var isAtEnd: Bool {
      mutating get {
        skipSpace()
        return place == bytes.count
      }
    }

    private mutating func skipSpace() {
      while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
      skipSpace()
      guard next == byte else { return false }
      place += 1
      return true
    }

    mutating func value(depth: Int) -> PythonLiteral? {
      guard depth < 8 else { return nil }
      skipSpace()
      switch next {
      case UInt8(ascii: "["): return list(until: UInt8(ascii: "]"), depth: depth)
      case UInt8(ascii: "("): return list(until: UInt8(ascii: ")"), depth: depth)
      case UInt8(ascii: "{"): return dictionary(depth: depth)
      case UInt8(ascii: "'"), UInt8(ascii: "\""): return string()
      default: return word()
      }
    }

    private mutating func list(until end: UInt8, depth: Int) -> PythonLiteral? {
      place += 1
      var elements: [PythonLiteral] = []
      while !take(end) {
        guard let element = value(depth: depth + 1) else { return nil }
        elements.append(element)
        if !take(UInt8(ascii: ",")) { return take(end) ? .list(elements) : nil }
      }
      return .list(elements)
    }

    private mutating func dictionary(depth: Int) -> PythonLiteral? {
      place += 1
      var entries: [Entry] = []
      let end = UInt8(ascii: "}")
      while !take(end) {
        guard let key = value(depth: depth + 1), take(UInt8(ascii: ":")), let value = value(depth: depth + 1)
        else { return nil }
        entries.append(Entry(key: key, value: value))
        if !take(UInt8(ascii: ",")) { return take(end) ? .dictionary(entries) : nil }
      }
      return .dictionary(entries)
    }

    private mutating func string() -> PythonLiteral? {
      guard let quote = next else { return nil }
      place += 1
      var content: [UInt8] = []
      while let byte = next, byte != quote {
        place += 1
        guard byte == UInt8(ascii: "\\") else {
          content.append(byte)
          continue
        }
        guard let escaped = next else { return nil }
        place += 1
        switch escaped {
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"):
          let length = escaped == UInt8(ascii: "x") ? 2 : escaped == UInt8(ascii: "u") ? 4 : 8
          guard place + length <= bytes.count,
            let code = UInt32(String(decoding: bytes[place..<(place + length)], as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(code)
          else { return nil }
          place += length
          content += Array(String(scalar).utf8)
        default: content.append(escaped)
        }
      }
      guard next == quote else { return nil }
      place += 1
      return .string(String(decoding: content, as: UTF8.self))
    }

    private mutating func word() -> PythonLiteral? {
      let start = place
      let others = Array("+-._".utf8)
      while let byte = next,
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || others.contains(byte)
      {
        place += 1
      }
      switch String(decoding: bytes[start..<place], as: UTF8.self) {
      case "None": return PythonLiteral.none
      case "True": return .bool(true)
      case "False": return .bool(false)
      case let word:
        if let number = Int(word) { return .int(number) }
        return Double(word).map { .float($0) }
      }
    }
  }
}
