internal import Foundation

/// Numbers of annotation files as text.
enum AnnotationNumber {
  /// The shortest decimal that means `value`.
  ///
  /// Going from pixels to shares of a side and back costs the last bits of a number, so that 123.45 becomes
  /// 123.45000000000002. A decimal of few digits that lies no farther away than that is what was meant; any other number
  /// gets all its digits.
  ///
  /// - Parameters:
  ///   - extent: the largest value that `value` was computed with: the image's side for pixels, 1 for shares.
  ///   - digits: decimals that are tried.
  static func text(_ value: Double, extent: Double, digits: Int) -> String {
    let tolerance = 32 * max(extent, abs(value)).ulp
    var scale = 1.0
    for _ in 0...digits {
      let whole = (value * scale).rounded()
      if abs(whole) < 9e15, abs(whole / scale - value) <= tolerance {
        return plain(whole / scale)
      }
      scale *= 10
    }
    return plain(value)
  }

  /// Whether a number of a file is the product of two others there, which have been rounded as `text` does.
  static func isProduct(_ value: Double, _ product: Double, extent: Double) -> Bool {
    abs(value - product) <= 256 * max(extent, abs(product)).ulp
  }

  /// Pixels of an image.
  static func pixels(_ value: Double, side: Int) -> String { text(value, extent: Double(side), digits: 6) }

  /// A share of an image's side.
  static func share(_ value: Double) -> String { text(value, extent: 1, digits: 10) }

  /// Without `.0`, and never `-0`.
  private static func plain(_ value: Double) -> String {
    if value == 0 { return "0" }
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The number that a text spells, if it is finite and decimal.
  static func parse(_ text: some StringProtocol) -> Double? {
    let text = text.trimmingCharacters(in: .whitespaces)
    guard text.utf8.count <= 400, !text.contains(where: { $0 == "x" || $0 == "X" }), let value = Double(text),
      value.isFinite
    else { return nil }
    return value
  }
}
