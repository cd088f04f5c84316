/// What an unquoted word means: the core schema of YAML 1.2 (§10.3.2), and Python's `None`.
enum ScalarResolver {
  static func resolve(_ text: String) -> Node.Value {
    switch text {
    case "", "~", "null", "Null", "NULL", "None": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
    case ".nan", ".NaN", ".NAN": return .float(.nan)
    default: return number(text) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> Node.Value? {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, first.isDigit || "+-.".utf8.contains(first) else { return nil }
    if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16, digitsOnly: true).map { .int($0) } }
    if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8, digitsOnly: true).map { .int($0) } }

    var rest = bytes[...]
    if first == UInt8(ascii: "-") || first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let whole = rest.prefix { $0.isDigit }
    rest = rest.dropFirst(whole.count)
    // A whole number that is too large becomes a float, which no whole-number key accepts.
    if rest.isEmpty, !whole.isEmpty { return Int(text).map { .int($0) } ?? Double(text).map { .float($0) } }

    var digits = whole.count
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix { $0.isDigit }
      digits += fraction.count
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard digits > 0 else { return nil }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
      let exponent = rest.prefix { $0.isDigit }
      guard !exponent.isEmpty else { return nil }
      rest = rest.dropFirst(exponent.count)
    }
    guard rest.isEmpty else { return nil }
    return Double(text).map { .float($0) }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}

extension Int {
  /// As `init(_:radix:)`, but takes no sign.
  fileprivate init?(_ text: Substring, radix: Int, digitsOnly: Bool) {
    guard let first = text.first, first != "-", first != "+" else { return nil }
    self.init(text, radix: radix)
  }
}
