internal import Foundation
public import PoseCore

/// Detections as text.
public enum DetectionText {
  /// Rows of YOLO's text form: class, box centre and size, then x, y and confidence of each keypoint, all as
  /// fractions of the picture's sides, and the score if wanted.
  public static func yolo(_ detections: [Detection], width: Int, height: Int, withScores: Bool) -> String {
    let (width, height) = (Float(width), Float(height))
    return detections.map { detection in
      let box = detection.box
      var numbers = [
        (box.x1 + box.x2) / 2 / width, (box.y1 + box.y2) / 2 / height, box.width / width, box.height / height,
      ]
      for point in detection.keypoints { numbers += [point.x / width, point.y / height, point.confidence] }
      if withScores { numbers.append(detection.score) }
      let fields = numbers.map { String(format: "%.6g", Double($0)) }
      return "\(detection.classIndex) " + fields.joined(separator: " ") + "\n"
    }.joined()
  }

  /// One picture's detections as a JSON object, in pixels of the picture:
  /// `{"image": …, "instances": [{"class": …, "score": …, "box": [x1, y1, x2, y2], "keypoints": [[x, y, c], …]}]}`.
  public static func json(path: String, _ detections: [Detection]) -> String {
    let instances = detections.map { detection in
      let box = detection.box
      let corners = [box.x1, box.y1, box.x2, box.y2].map(number).joined(separator: ",")
      let points = detection.keypoints.map { "[\(number($0.x)),\(number($0.y)),\(number($0.confidence))]" }
      return "{\"class\":\(detection.classIndex),\"score\":\(number(detection.score)),\"box\":[\(corners)],"
        + "\"keypoints\":[\(points.joined(separator: ","))]}"
    }
    return "{\"image\":\(quoted(path)),\"instances\":[\(instances.joined(separator: ","))]}"
  }

  private static func number(_ value: Float) -> String { value.isFinite ? "\(value)" : "null" }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
