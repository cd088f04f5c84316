extension SourceText {
  /// Decodes the bytes of a YAML file, and refuses what YAML has no place for.
  ///
  /// - Throws: where the bytes are no UTF-8, or hold control characters.
  convenience init(decoding bytes: [UInt8], name: String) throws(DiagnosticList) {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let content = bytes[(hasMark ? 3 : 0)...]
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      let start = SourceLocation(file: name, line: 1, column: 1)
      throw DiagnosticList([Diagnostic(.error, "the file is UTF-16; save it as UTF-8", at: start)])
    }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw DiagnosticList([Self.firstInvalidByte(in: content, name: name)])
    }
    self.init(name: name, text: text)
    if let scalar = text.unicodeScalars.first(where: { !$0.isLegalInYAML }) {
      let location = self.location(of: scalar)
      let code = String(scalar.value, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
      throw DiagnosticList([
        Diagnostic(
          .error, "the character U+\(padded) is not allowed in YAML; is this a text file?", at: location)
      ])
    }
    // libyaml compares each of these with all before: a file full of them would take hours.
    if let line = lines.firstIndex(where: { $0.hasPrefix("%TAG") }) {
      throw DiagnosticList([
        Diagnostic(
          .error, "'%TAG' is not supported; specs are plain data",
          at: SourceLocation(in: self, line: line + 1, column: 1, length: 4))
      ])
    }
  }

  private func location(of scalar: Unicode.Scalar) -> SourceLocation? {
    for (index, line) in lines.enumerated() {
      if let column = line.unicodeScalars.enumerated().first(where: { $0.element == scalar })?.offset {
        return SourceLocation(in: self, line: index + 1, column: column + 1)
      }
    }
    return nil
  }

  private static func firstInvalidByte(in bytes: ArraySlice<UInt8>, name: String) -> Diagnostic {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var line: [Unicode.Scalar] = []
    var number = 1
    while case .valid(let encoded) = parser.parseScalar(from: &iterator) {
      let scalar = Unicode.UTF8.decode(encoded)
      if scalar == "\n" {
        number += 1
        line = []
      } else {
        line.append(scalar)
      }
    }
    let text = String(String.UnicodeScalarView(line)) + "\u{FFFD}"
    let location = SourceLocation(file: name, line: number, column: line.count + 1)
    return Diagnostic(.error, "the file is not UTF-8; save it as UTF-8", at: location, sourceLine: text)
  }
}

extension Unicode.Scalar {
  /// The printable characters of YAML 1.1, §5.1.
  var isLegalInYAML: Bool {
    switch value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      true
    default: false
    }
  }
}
