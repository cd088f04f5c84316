public import FileSystem
public import PoseCore

/// Writes detections as a COCO results file, which appears whole when `finish()` is called or not at all.
///
/// Numbers are rounded as users of YOLO tools know them: boxes and keypoints to thousandths of a pixel, scores and
/// confidences to five digits.
public final class COCOResultsWriter {
  private let file: AtomicFile
  private var text: [UInt8] = [UInt8(ascii: "[")]
  private var isFirst = true

  public init(_ path: String) throws(FileError) { file = try AtomicFile(path, durable: false) }

  /// Adds a detection.
  ///
  /// - Parameter categoryID: as the annotation file numbers it, which need not be the class index.
  /// - Throws: `FileError` if the disk refuses; `COCOFileError` if a number is NaN or infinite.
  public func write(_ detection: Detection, imageID: Int, categoryID: Int) throws {
    let box = detection.box
    let numbers = [box.x1, box.y1, box.x2, box.y2, detection.score]
    guard numbers.allSatisfy(\.isFinite),
      detection.keypoints.allSatisfy({ $0.x.isFinite && $0.y.isFinite && $0.confidence.isFinite })
    else {
      throw COCOFileError(
        path: file.path, message: "a detection in image \(imageID) has a number that is NaN or infinite")
    }
    if !isFirst { append(",\n") }
    isFirst = false
    append("{\"image_id\":\(imageID),\"category_id\":\(categoryID),\"bbox\":[")
    let sides = [box.x1, box.y1, box.width, box.height]
    for (index, side) in sides.enumerated() {
      if index > 0 { append(",") }
      append(Double(side), digits: 3)
    }
    append("],\"score\":")
    append(Double(detection.score), digits: 5)
    if !detection.keypoints.isEmpty {
      append(",\"keypoints\":[")
      for (index, point) in detection.keypoints.enumerated() {
        if index > 0 { append(",") }
        append(Double(point.x), digits: 3)
        append(",")
        append(Double(point.y), digits: 3)
        append(",")
        append(Double(point.confidence), digits: 5)
      }
      append("]")
    }
    append("}")
    if text.count > 1 << 16 {
      try file.write(text)
      text.removeAll(keepingCapacity: true)
    }
  }

  /// Puts the file in its place.
  public func finish() throws(FileError) {
    append("]\n")
    try file.write(text)
    try file.commit()
  }

  private func append(_ string: String) { text += string.utf8 }

  private func append(_ value: Double, digits: Int) { text.append(decimal: value, digits: digits) }
}
