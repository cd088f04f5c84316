internal import Foundation

/// Numbers as tables show them.
enum Figures {
  static func four(_ value: Double) -> String { decimal(value, places: 4) }

  /// `-` for what is no number.
  static func decimal(_ value: Double, places: Int) -> String {
    value.isNaN ? "-" : String(format: "%.\(places)f", value)
  }

  /// Nothing for a figure that is not there.
  static func figure(_ value: Double?) -> String { value.map(four) ?? "" }

  static func oneDecimal(_ value: Double) -> String { String(format: "%.1f", value) }

  /// `2,874,462`.
  static func grouped(_ value: Int) -> String {
    let digits = Array(String(abs(value)))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text
  }
}
