/// The source line under a diagnostic and the mark below it.
struct DiagnosticExcerpt {
  /// Longest piece of a line that is shown; minified files have endless ones.
  static let width = 160

  let line: String
  let underline: String

  /// - Parameters:
  ///   - column: counted from 1, in Unicode scalars.
  ///   - length: scalars to underline; cut at the end of the line.
  init(line: String, column: Int, length: Int) {
    let scalars = Array(line.unicodeScalars)
    let position = min(max(column - 1, 0), scalars.count)
    let start = position < Self.width ? 0 : position - Self.width / 2
    let end = min(scalars.count, start + Self.width)

    var shown = String.UnicodeScalarView()
    for scalar in scalars[start..<end] { shown.append(Self.isPrintable(scalar) ? scalar : "\u{FFFD}") }
    // Tabs are repeated, so that the mark stays below its word however wide a tab is.
    let padding = String(scalars[start..<position].map { $0 == "\t" ? "\t" : " " as Character })
    let marked = max(1, min(length, end - position))

    self.line = String(shown)
    underline = padding + "^" + String(repeating: "~", count: marked - 1)
  }

  /// Control characters would let a file rewrite the terminal.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\t" || scalar.properties.generalCategory != .control
  }
}
