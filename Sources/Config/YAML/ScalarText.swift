/// How a single value or key is written in YAML.
enum ScalarText {
  /// Empty for lists and mappings.
  static func value(_ value: Node.Value) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): String(value)
    case .int(let value): String(value)
    case .float(let value): text(of: value)
    case .string(let text): isUnmistakable(text) && !resemblesNumber(text) ? text : quoted(text)
    case .sequence, .mapping: ""
    }
  }

  /// Keys are text whatever they look like, but other readers make numbers of `0: person`, as they should.
  static func key(_ text: String) -> String {
    if case .int = ScalarResolver.resolve(text) { return text }
    return isUnmistakable(text) && !resemblesNumber(text) ? text : quoted(text)
  }

  private static func text(of value: Double) -> String {
    if value.isNaN { return ".nan" }
    if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
    let text = value.description
    // PyYAML takes a number with an exponent for text unless it has a point.
    guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
    return text[..<exponent] + ".0" + text[exponent...]
  }

  /// Whether the text stays this text without quotes, in brackets, too.
  private static func isUnmistakable(_ text: String) -> Bool {
    // Scalars, not characters: a combining mark must not hide the space before it.
    let scalars = Array(text.unicodeScalars)
    guard let first = scalars.first, let last = scalars.last, scalars.allSatisfy({ isPlain($0) }) else {
      return false
    }
    if first == " " || last == " " || last == ":" || text == "<<" { return false }
    if "!&*?|>%@`\"'#:=".unicodeScalars.contains(first) { return false }
    if first == "-", scalars.count < 2 || scalars[1] == " " || scalars[1] == "-" { return false }
    for (scalar, next) in zip(scalars, scalars.dropFirst())
    where (scalar == ":" && next == " ") || (scalar == " " && next == "#") {
      return false
    }
    if case .string = ScalarResolver.resolve(text) { return !truthValues.contains(text.lowercased()) }
    return false
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ",", "[", "]", "{", "}": false
    case " "..."~": true
    default: scalar.properties.isAlphabetic
    }
  }

  /// Of YAML 1.1.
  private static let truthValues: Set<String> = ["yes", "no", "on", "off"]

  /// To readers of YAML 1.1, `12:30`, `1_000`, `0b11` and `2026-01-31` are numbers and dates.
  private static func resemblesNumber(_ text: String) -> Bool {
    guard let first = text.first, "0123456789.+-".contains(first) else { return false }
    return text.allSatisfy { "0123456789abcdefABCDEFxob:_.+-TtZz ".contains($0) }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\"".unicodeScalars
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\"".unicodeScalars
      case "\\": result += "\\\\".unicodeScalars
      case "\n": result += "\\n".unicodeScalars
      case "\t": result += "\\t".unicodeScalars
      case "\r": result += "\\r".unicodeScalars
      case _ where scalar.isLegalInYAML && !scalar.properties.isWhitespace, " ": result.append(scalar)
      default:
        let code = String(scalar.value, radix: 16, uppercase: true)
        result += ("\\U" + String(repeating: "0", count: 8 - code.count) + code).unicodeScalars
      }
    }
    result.append("\"")
    return String(result)
  }
}
