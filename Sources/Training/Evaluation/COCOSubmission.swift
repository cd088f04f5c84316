public import Data
public import FileSystem
internal import Foundation
internal import Interchange
public import PoseCore

/// Writes the zip that COCO's evaluation server takes for keypoints:
/// `person_keypoints_test-dev2017_NAME_results.zip` with one JSON file of the same name.
///
/// The server's rules are kept while writing: an image's id is that of COCO, the category is 1, a person has 51 finite
/// numbers with 1 in the place of each visibility, the score is finite. The server counts the 20 best of an image; the
/// others are left out.
///
/// Source: https://cocodataset.org/#format-results and https://cocodataset.org/#upload
public final class COCOSubmission {
  /// Detections of an image that the server counts.
  public static let detectionLimit = 20

  /// The zip.
  public let path: String
  private let json: String
  private let file: AtomicFile
  private var text: [UInt8] = [UInt8(ascii: "[")]
  private var isFirst = true
  /// Detections that were written.
  public private(set) var count = 0

  /// Why no such file can be made of a data set; nil where one can.
  public static func obstacle(_ index: DatasetIndex) -> String? {
    if index.skeleton.keypointCount != 17 {
      return "it takes persons with 17 keypoints, and the data set has \(index.skeleton.keypointCount)"
    }
    if index.classNames.count != 1 {
      return "it takes one class, person, and the data set has \(index.classNames.count)"
    }
    if !index.hasImageIDs {
      return
        "the images have no COCO ids: name COCO's image_info file under 'annotations', or keep the files' names"
    }
    return nil
  }

  /// - Parameters:
  ///   - folder: where the zip is to be.
  ///   - name: of the algorithm; letters that do not belong into file names are replaced.
  public init(folder: String, name: String) throws(FileError) {
    let kept = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) ? $0 : "-" }
    let stem = "person_keypoints_test-dev2017_\(kept.isEmpty ? "poselab" : String(kept))_results"
    path = "\(folder)/\(stem).zip"
    json = "\(folder)/\(stem).json"
    file = try AtomicFile(json, durable: false)
  }

  /// Adds the detections of one image.
  ///
  /// - Throws: `COCOFileError` where one breaks the server's rules; `FileError`.
  public func write(_ detections: [Detection], imageID: Int) throws {
    guard imageID >= 0 else { throw error("the image id \(imageID) is none of COCO's") }
    let best =
      detections.count <= Self.detectionLimit
      ? detections : Array(detections.sorted { $0.score > $1.score }.prefix(Self.detectionLimit))
    for detection in best { try write(detection, imageID) }
    if text.count > 1 << 16 {
      try file.write(text)
      text.removeAll(keepingCapacity: true)
    }
  }

  private func write(_ detection: Detection, _ imageID: Int) throws {
    guard detection.classIndex == 0, detection.keypoints.count == 17 else {
      throw error("a detection in image \(imageID) is no person with 17 keypoints")
    }
    guard detection.score.isFinite, detection.keypoints.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else {
      throw error("a detection in image \(imageID) has a number that is NaN or infinite")
    }
    if !isFirst { text += ",\n".utf8 }
    isFirst = false
    text += "{\"image_id\":\(imageID),\"category_id\":1,\"keypoints\":[".utf8
    for (index, point) in detection.keypoints.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text.append(decimal: Double(point.x), digits: 3)
      text.append(UInt8(ascii: ","))
      text.append(decimal: Double(point.y), digits: 3)
      text += ",1".utf8
    }
    text += "],\"score\":".utf8
    text.append(decimal: Double(detection.score), digits: 5)
    text.append(UInt8(ascii: "}"))
    count += 1
  }

  /// Packs the file.
  public func finish() throws {
    text += "]\n".utf8
    try file.write(text)
    try file.commit()
    defer { unlink(json) }
    let mapped = try MappedFile(json)
    var zip = ZipWriter()
    zip.add((json as NSString).lastPathComponent) { sink in try mapped.withBytes(0..<mapped.size, sink) }
    try zip.write(to: path)
  }

  private func error(_ message: String) -> COCOFileError {
    COCOFileError(path: path, message: message)
  }
}
