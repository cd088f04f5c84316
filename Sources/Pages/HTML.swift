/// A piece of HTML or SVG. Interpolated text is escaped, so no name or log can break the page or run in it; only other
/// pieces go in as they are.
package struct HTML: ExpressibleByStringInterpolation, Sendable {
  package private(set) var source: String

  package init(stringLiteral value: String) { source = value }

  package init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    package init(literalCapacity: Int, interpolationCount: Int) { source.reserveCapacity(literalCapacity) }

    package mutating func appendLiteral(_ literal: String) { source += literal }
    package mutating func appendInterpolation(_ text: String) { source += HTML.escaped(text) }
    package mutating func appendInterpolation(_ number: Int) { source += String(number) }
    package mutating func appendInterpolation(_ html: HTML) { source += html.source }
    package mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { source += part.source } }
    package mutating func appendInterpolation(_ part: HTML?) { source += part?.source ?? "" }
    /// A coordinate of a drawing, to a tenth.
    package mutating func appendInterpolation(at position: Double) { source += HTML.coordinate(position) }
  }

  package static func += (html: inout HTML, other: HTML) { html.source += other.source }

  /// For text between tags and for values in double or single quotes. What no document may hold becomes U+FFFD.
  private static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case "\r": break
      default:
        let value = scalar.value
        let isBanned = value < 0x20 || (0x7F...0x9F).contains(value) || value & 0xFFFE == 0xFFFE
        result.unicodeScalars.append(isBanned ? "\u{FFFD}" : scalar)
      }
    }
    return result
  }

  private static func coordinate(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e7 else { return "0" }
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }
}
