internal import Foundation
internal import Imaging
internal import PoseCore

/// A row of a label file in YOLO's text form.
struct LabelRow {
  let text: String

  /// - Parameters:
  ///   - instance: in pixels of an image of `size`.
  ///   - dimensions: 3 with the visibility of each keypoint, else 2.
  init(_ instance: Instance, size: ImageSize, dimensions: Int) {
    let (width, height) = (Double(size.width), Double(size.height))
    let box = instance.box
    var parts = [
      "\(instance.classIndex)", Self.share(Double(box.x1 + box.x2) / 2 / width),
      Self.share(Double(box.y1 + box.y2) / 2 / height), Self.share(Double(box.width) / width),
      Self.share(Double(box.height) / height),
    ]
    for point in instance.keypoints {
      parts.append(Self.share(Double(point.x) / width))
      parts.append(Self.share(Double(point.y) / height))
      if dimensions == 3 { parts.append("\(point.visibility.rawValue)") }
    }
    text = parts.joined(separator: " ")
  }

  /// Six decimals: a thousandth of a pixel in an image of 1,000. Zeros at the end are left out.
  private static func share(_ value: Double) -> String {
    var text = String(format: "%.6f", min(max(value, 0), 1))
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
