internal import Config

/// A JSON document whose keys keep their order and whose numbers keep all digits.
indirect enum JSONText {
  case null
  case bool(Bool)
  case int(Int)
  /// What JSON has no word for, infinities and NaN, becomes `null`.
  case number(Double)
  case string(String)
  case array([JSONText])
  case object([(String, JSONText)])

  init(_ value: Node.Value) {
    switch value {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .float(let value): self = .number(value)
    case .string(let value): self = .string(value)
    case .sequence(let nodes): self = .array(nodes.map { JSONText($0.value) })
    case .mapping(let entries): self = .object(entries.map { ($0.key, JSONText($0.value.value)) })
    }
  }

  /// The document on one line.
  var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  /// The document with a line for each value.
  var indented: String {
    var text = ""
    write(to: &text, indent: "\n")
    return text
  }

  private func write(to text: inout String, indent: String) {
    let deeper = indent + "  "
    switch self {
    case .array(let values) where !values.isEmpty && values.contains(where: \.isContainer):
      text += "["
      for (index, value) in values.enumerated() {
        text += (index > 0 ? "," : "") + deeper
        value.write(to: &text, indent: deeper)
      }
      text += indent + "]"
    case .object(let entries) where !entries.isEmpty:
      text += "{"
      for (index, entry) in entries.enumerated() {
        text += (index > 0 ? "," : "") + deeper
        Self.write(entry.0, to: &text)
        text += ": "
        entry.1.write(to: &text, indent: deeper)
      }
      text += indent + "}"
    default: write(to: &text)
    }
  }

  private var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): Self.write(value, to: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += ", " }
        value.write(to: &text)
      }
      text += "]"
    case .object(let entries):
      text += "{"
      for (index, entry) in entries.enumerated() {
        if index > 0 { text += ", " }
        Self.write(entry.0, to: &text)
        text += ": "
        entry.1.write(to: &text)
      }
      text += "}"
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
