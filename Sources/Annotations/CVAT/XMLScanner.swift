/// What a scanner finds, in the order of the file.
protocol XMLScannerDelegate: AnyObject {
  /// - Throws: what ends the scan.
  func start(_ element: String, _ attributes: [String: String], line: Int) throws
  func text(_ text: String, line: Int) throws
  func end(_ element: String, line: Int) throws
}

/// What is wrong with a file of XML.
struct XMLFault: Error {
  var line: Int
  var message: String
}

/// Reads XML in UTF-8: elements, attributes, text, comments, CDATA and instructions; of entities the five that XML itself
/// knows, and letters by number. Declarations of types and entities are refused: they serve no annotation file, small ones
/// can swell to gigabytes, and others name files of this machine.
///
/// Source: Extensible Markup Language (XML) 1.0, W3C, fifth edition. Namespaces are left in names.
struct XMLScanner {
  static let depthLimit = 32
  /// Of names, of an attribute's value and of a piece of text.
  private static let lengthLimit = 1 << 22
  private static let attributeLimit = 100

  private let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0
  private(set) var line = 1
  private var open: [String] = []

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// - Throws: `XMLFault`, or what the delegate throws.
  static func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ delegate: any XMLScannerDelegate) throws {
    var scanner = XMLScanner(bytes)
    try scanner.scan(delegate)
  }

  private mutating func scan(_ delegate: any XMLScannerDelegate) throws {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    var hasRoot = false
    while place < bytes.count {
      if bytes[place] != UInt8(ascii: "<") {
        let first = line
        let text = try text(until: UInt8(ascii: "<"))
        if open.isEmpty {
          guard text.allSatisfy(\.isWhitespace) else { throw fault("there is text outside of the elements") }
        } else {
          try delegate.text(text, line: first)
        }
      } else if has("<!--") {
        try skip(past: "-->", "a comment")
      } else if has("<![CDATA[") {
        guard !open.isEmpty else { throw fault("there is text outside of the elements") }
        let first = line
        advance(9)
        let start = place
        try skip(past: "]]>", "a CDATA section")
        try delegate.text(try string(start..<(place - 3)), line: first)
      } else if has("<?") {
        try instruction()
      } else if has("<!") {
        throw fault("declarations such as <!DOCTYPE and <!ENTITY are refused")
      } else if has("</") {
        try close(delegate)
      } else {
        if open.isEmpty && hasRoot { throw fault("there is a second element at the top") }
        hasRoot = true
        try element(delegate)
      }
    }
    if let last = open.last {
      throw fault("the file ends inside of the element '\(last.prefix(40))': it is cut off")
    }
    if !hasRoot { throw fault("the file has no element: it is empty or cut off") }
  }

  // Elements

  private mutating func element(_ delegate: any XMLScannerDelegate) throws {
    let first = line
    advance(1)
    let name = try name()
    var attributes: [String: String] = [:]
    while true {
      let hadSpace = skipSpace()
      guard place < bytes.count else { throw fault("the file ends inside of a tag: it is cut off") }
      let byte = bytes[place]
      if byte == UInt8(ascii: ">") || has("/>") { break }
      guard hadSpace else {
        throw fault("a letter in the tag '\(name.prefix(40))' that does not belong there")
      }
      let key = try self.name()
      skipSpace()
      guard has("=") else { throw fault("the attribute '\(key.prefix(40))' has no value") }
      advance(1)
      skipSpace()
      guard attributes.updateValue(try value(of: key), forKey: key) == nil else {
        throw fault("the attribute '\(key.prefix(40))' is there twice")
      }
      if attributes.count > Self.attributeLimit {
        throw fault("the element '\(name.prefix(40))' has too many attributes")
      }
    }
    let isEmpty = has("/>")
    advance(isEmpty ? 2 : 1)
    guard open.count < Self.depthLimit else { throw fault("the elements are nested too deeply") }
    try delegate.start(name, attributes, line: first)
    if isEmpty {
      try delegate.end(name, line: line)
    } else {
      open.append(name)
    }
  }

  private mutating func close(_ delegate: any XMLScannerDelegate) throws {
    advance(2)
    let name = try name()
    skipSpace()
    guard has(">") else { throw fault("the file ends inside of a tag: it is cut off") }
    guard open.last == name else {
      throw fault("'</\(name.prefix(40))>' ends no element that is open here")
    }
    advance(1)
    open.removeLast()
    try delegate.end(name, line: line)
  }

  private mutating func value(of key: String) throws -> String {
    guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'") else {
      throw fault("the value of '\(key.prefix(40))' is not quoted")
    }
    let quote = bytes[place]
    advance(1)
    let value = try text(until: quote)
    guard place < bytes.count else { throw fault("the file ends inside of a value: it is cut off") }
    advance(1)
    return value
  }

  /// Letters, digits and `_-.:`, and whatever is not ASCII.
  private mutating func name() throws -> String {
    let start = place
    while place < bytes.count, Self.isName(bytes[place]), place - start < 1000 { place += 1 }
    guard place > start else {
      throw fault(place < bytes.count ? "a name is missing" : "the file ends inside of a tag: it is cut off")
    }
    return try string(start..<place)
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: ":"), 0x80...:
      true
    default: false
    }
  }

  // Text

  /// The text up to `end` or to the file's end, entities replaced.
  private mutating func text(until end: UInt8) throws -> String {
    var result: [UInt8] = []
    while place < bytes.count, bytes[place] != end {
      let byte = bytes[place]
      if byte == UInt8(ascii: "&") {
        result += Array(try entity().utf8)
      } else if byte == UInt8(ascii: "<") {
        throw fault("there is a '<' inside of a value")
      } else {
        guard byte >= 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D else {
          throw fault("there is a control letter, which XML does not allow")
        }
        result.append(byte)
        advance(1)
      }
      if result.count > Self.lengthLimit { throw fault("a text of this length is refused") }
    }
    guard let text = String(validating: result, as: UTF8.self) else {
      throw fault("the text is not in UTF-8")
    }
    return text
  }

  private mutating func entity() throws -> String {
    let start = place + 1
    var end = start
    while end < bytes.count, end - start < 12, bytes[end] != UInt8(ascii: ";") { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: ";") else { throw fault("an '&' begins no entity") }
    let name = try string(start..<end)
    place = end + 1
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      let number: UInt32? =
        name.hasPrefix("#x")
        ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
      guard let number, number >= 0x20 || number == 9 || number == 10 || number == 13,
        let letter = Unicode.Scalar(number)
      else { throw fault("the entity '&\(name);' is not known") }
      return String(Character(letter))
    }
  }

  private mutating func instruction() throws {
    let start = place
    try skip(past: "?>", "an instruction")
    let text = try string(start..<place).lowercased()
    guard text.hasPrefix("<?xml"), let declared = text.firstMatch(of: /encoding\s*=\s*["']([^"']*)["']/)?.1
    else { return }
    guard ["utf-8", "utf8", "us-ascii", "ascii"].contains(declared) else {
      throw fault("the encoding '\(declared.prefix(40))' is not read; save the file as UTF-8")
    }
  }

  // Places

  private func has(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count - place >= count else { return false }
    for index in 0..<count where bytes[place + index] != text.utf8Start[index] { return false }
    return true
  }

  private mutating func advance(_ count: Int) {
    for _ in 0..<count {
      if bytes[place] == UInt8(ascii: "\n") { line += 1 }
      place += 1
    }
  }

  @discardableResult
  private mutating func skipSpace() -> Bool {
    let start = place
    while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { advance(1) }
    return place > start
  }

  private mutating func skip(past end: StaticString, _ what: String) throws {
    while place < bytes.count {
      if has(end) { return advance(end.utf8CodeUnitCount) }
      advance(1)
    }
    throw fault("the file ends inside of \(what): it is cut off")
  }

  private func string(_ range: Range<Int>) throws -> String {
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw fault("the text is not in UTF-8")
    }
    return text
  }

  private func fault(_ message: String) -> XMLFault { XMLFault(line: line, message: message) }
}
