internal import Foundation
public import PoseCore

/// Detections as a table of comma-separated values: a row an object, numbers in pixels of the picture.
///
/// Columns: `image`, `class`, `name`, `score`, `x1`, `y1`, `x2`, `y2`, then x, y and confidence of each keypoint by its
/// name. Texts with commas, quotes or line breaks are quoted as RFC 4180 says.
public struct DetectionTable: Sendable {
  /// The names of the columns, a line.
  public let header: String
  private let classNames: [String]

  public init(skeleton: Skeleton, classNames: [String]) {
    self.classNames = classNames
    let names = (0..<skeleton.keypointCount).map { index in
      skeleton.names.indices.contains(index) ? skeleton.names[index] : "keypoint_\(index)"
    }
    let points = names.flatMap { ["\($0)_x", "\($0)_y", "\($0)_confidence"] }
    let columns = ["image", "class", "name", "score", "x1", "y1", "x2", "y2"] + points
    header = columns.map(Self.quoted).joined(separator: ",") + "\n"
  }

  /// A line for each detection.
  ///
  /// - Parameter image: as the first column names it.
  public func rows(_ detections: [Detection], image: String) -> String {
    let image = Self.quoted(image)
    return detections.map { detection in
      let index = detection.classIndex
      let name = classNames.indices.contains(index) ? classNames[index] : ""
      let box = detection.box
      var numbers = [detection.score, box.x1, box.y1, box.x2, box.y2]
      for point in detection.keypoints { numbers += [point.x, point.y, point.confidence] }
      let fields =
        [image, String(index), Self.quoted(name)] + numbers.map { String(format: "%.7g", Double($0)) }
      return fields.joined(separator: ",") + "\n"
    }.joined()
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
