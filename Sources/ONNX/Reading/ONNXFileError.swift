/// Why a file is not taken as an ONNX model.
public struct ONNXFileError: Error, Sendable, Equatable, CustomStringConvertible {
  public var file: String
  public var reason: String

  public var description: String { "\(file): \(reason)" }
}

/// Text from a file as it may be shown: no control characters, and not endless.
func printable(_ text: String, limit: Int = 100) -> String {
  var result = ""
  for (index, scalar) in text.unicodeScalars.enumerated() {
    if index == limit { return result + "…" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
