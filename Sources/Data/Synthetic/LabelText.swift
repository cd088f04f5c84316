internal import PoseCore

/// Writes labels as YOLO text and numbers for label files, always with the same digits for the same value.
enum LabelText {
  /// A number with exactly `places` decimals (up to 9).
  static func fixed(_ value: Double, _ places: Int) -> String {
    var factor = 1
    for _ in 0..<places { factor *= 10 }
    let scaled = Int((value * Double(factor)).rounded())
    let digits = String(abs(scaled) % factor)
    let sign = scaled < 0 ? "-" : ""
    guard places > 0 else { return sign + String(abs(scaled)) }
    return sign + "\(abs(scaled) / factor)." + String(repeating: "0", count: places - digits.count) + digits
  }

  /// A number with at most three decimals and no trailing zeros.
  static func short(_ value: Double) -> String {
    var text = fixed(value, 3)
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// One line an instance: class, box centre and size, then x, y and visibility of each keypoint; all lengths as
  /// shares of the picture.
  static func yolo(_ people: [SyntheticScene.Person], width: Int, height: Int) -> String {
    var text = ""
    let (w, h) = (Double(width), Double(height))
    for person in people {
      let box = person.instance.box
      var fields = [String(person.instance.classIndex)]
      fields += [
        (Double(box.x1) + Double(box.x2)) / 2 / w, (Double(box.y1) + Double(box.y2)) / 2 / h,
        Double(box.width) / w, Double(box.height) / h,
      ].map { fixed($0, 6) }
      for keypoint in person.instance.keypoints {
        fields += [fixed(Double(keypoint.x) / w, 6), fixed(Double(keypoint.y) / h, 6)]
        fields.append(String(keypoint.visibility.rawValue))
      }
      text += fields.joined(separator: " ") + "\n"
    }
    return text
  }

  /// The text in quotes, as JSON has it.
  static func quoted(_ text: String) -> String { "\"" + text + "\"" }
}
