import Data
import Foundation
import PoseCore
import Testing

@Suite struct `Faults in COCO files` {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A text and the beginning of the message about it, after the path.
  struct Fault: Sendable {
    var text: String
    var message: String

    init(_ text: String, _ message: String) {
      self.text = text
      self.message = message
    }
  }

  private typealias Texts = COCOTexts

  private static let labelFaults: [Fault] = [
    Fault(
      Texts.annotations(annotations: #"{"id":1,"category_id":3,"bbox":[1,2,3,4],"area":2}"#),
      "annotations[0]: error: the field 'image_id' is missing"),
    Fault(
      Texts.annotations(annotations: Texts.annotation(1) + "," + Texts.annotation(2, keypoints: #"["a",2]"#)),
      "annotations[1].keypoints: error: must be a list of numbers, but is a list with other elements"),
    Fault(
      Texts.annotations(annotations: Texts.annotation(1, keypoints: #""none""#)),
      "annotations[0].keypoints: error: must be a list of numbers, but is a string"),
    Fault(
      Texts.annotations(annotations: Texts.annotation(1, keypoints: "[1,2,2,NaN,3,2]")),
      "annotations[0].keypoints: error: value 3 is NaN, but must be a finite number"),
    Fault(
      Texts.annotations(annotations: Texts.annotation(1, keypoints: "[1,2]")),
      "annotations[0].keypoints: error: must be three numbers a keypoint (x, y, visibility), but has 2 numbers"
    ),
    Fault(
      Texts.annotations(annotations: Texts.annotation(1) + "," + Texts.annotation(2, keypoints: "[1,2,2]")),
      "annotations[1].keypoints: error: has 3 numbers, but 2 keypoints take 6"),
    Fault(
      Texts.annotations(annotations: Texts.annotation(1) + "," + Texts.annotation(1)),
      "annotations[1].id: error: is 1, which is the id of annotations[0], too; ids must be unique"),
    Fault(
      Texts.annotations(images: #"{"id":7},{"id":7}"#),
      "images[1].id: error: is 7, which is the id of images[0], too; ids must be unique"),
    Fault(
      Texts.annotations(annotations: Texts.annotation(1, image: 8)),
      "annotations[0].image_id: error: is 8, an image that this file does not list"),
    Fault(
      Texts.annotations(annotations: Texts.annotation(1, category: 2)),
      "annotations[0].category_id: error: is 2, a category that this file does not list"),
    Fault(
      #"{"images":[],"annotations":[],"categories":[{"id":1},{"id":2,"skeleton":[[1,2],[2,1e300]]}]}"#,
      "categories[1].skeleton: error: has 1e+300, but keypoints are whole numbers from 1"),
    Fault(
      #"{"images":[],"annotations":[],"categories":[{"id":1,"skeleton":[[NaN,2]]}]}"#,
      "categories[0].skeleton: error: has nan, but keypoints are whole numbers from 1"),
    Fault(Texts.annotations(annotations: "17"), "annotations[0]: error: must be an object in braces"),
    Fault(
      Texts.annotations(annotations: Texts.annotation(1) + ","),
      "annotations[1]: error: must be an object in braces"),
    Fault(
      Texts.annotations(annotations: Texts.annotation(1) + " 5"),
      "annotations[0]: error: must be followed by ',' or ']'"),
    Fault(
      Texts.annotations(images: #"{"id":"seven"}"#),
      "images[0].id: error: must be a whole number, but is a string"),
    Fault(
      Texts.annotations(images: #"{"id":7.5}"#),
      "images[0].id: error: must be a whole number, but is a number that is not whole or too large"),
    Fault(Texts.annotations() + "x", "byte 439: error: there is text after the end of the object"),
    Fault(#"{"images": [], "annotations": []}"#, "error: the list 'categories' is missing"),
    Fault(#"{"images": 3}"#, "byte 11: error: 'images' must be a list"),
    Fault(#"{"images": [], "images": []}"#, "byte 24: error: 'images' is there twice"),
    Fault(
      "[]",
      "error: a COCO annotation file is an object with 'images', 'annotations' and 'categories'; this is a list, "
        + "as results are: are the two files exchanged?"),
    Fault("", "error: a COCO annotation file is an object with 'images', 'annotations' and 'categories'"),
    Fault(
      Texts.annotations(annotations: #"{"id" 1}"#),
      "annotations[0]: error: this is no valid JSON"),
  ]

  private static let resultFaults: [Fault] = [
    Fault(Texts.detection(score: "NaN"), "[0].score: error: is NaN, but must be a finite number"),
    Fault(Texts.detection(score: "Infinity"), "[0].score: error: is Infinity, but must be a finite number"),
    Fault(
      Texts.detection() + "," + Texts.detection(keypoints: "[1,2,0,-Infinity,4,0]"),
      "[1].keypoints: error: value 3 is -Infinity, but must be a finite number"),
    Fault(
      Texts.detection(keypoints: "[1,2,0]"),
      "[0].keypoints: error: has 3 numbers, but 2 keypoints, as the annotations have, take 6 "
        + "(x, y, confidence for each)"),
    Fault(Texts.detection(image: "70"), "[0].image_id: error: is 70, an image that "),
    Fault(
      Texts.detection() + "," + Texts.detection(category: "2"),
      "[1].category_id: error: is 2, a category that "),
    Fault(Texts.detection(score: "null"), "[0].score: error: must be a number, but is null"),
    Fault(
      Texts.detection() + "," + Texts.detection(box: ""),
      "[1].bbox: error: is missing, while the first detection has one: give all of them a box or none"),
    Fault(
      Texts.detection(box: "") + "," + Texts.detection(),
      "[1].bbox: error: is there, while the first detection has none: give all of them a box or none"),
    Fault(
      Texts.detection(box: #","bbox":[1,2,3]"#),
      "[0].bbox: error: must be 4 numbers (left, top, width, height), but has 3"),
  ]

  @Test(arguments: labelFaults)
  func `of labels are named with their place`(fault: Fault) throws {
    let path = try folder.write("gt.json", fault.text)
    #expect {
      let labels = try COCOAnnotations.read(path)
      _ = try EvaluationSet.joining(labels, COCOResults(path: "dt.json"), keypointCount: 2)
    } throws: { error in
      let fits = "\(error)".hasPrefix("\(path): \(fault.message)")
      if !fits { Issue.record("\(error)") }
      return fits
    }
  }

  @Test(arguments: resultFaults)
  func `of results are named with their place`(fault: Fault) throws {
    let labels = try COCOAnnotations.read(try folder.write("gt.json", Texts.annotations()))
    let path = try folder.write("dt.json", "[\(fault.text)]")
    #expect {
      let results = try COCOResults.read(path, keypointCount: 2)
      _ = try EvaluationSet.joining(labels, results, keypointCount: 2)
    } throws: { error in
      let fits = "\(error)".hasPrefix("\(path): \(fault.message)")
      if !fits { Issue.record("\(error)") }
      return fits
    }
  }

  /// What fuzzing kept: each way through the readers once.
  @Test func `that fuzzing found are errors or read`() throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/fuzz").path
    var sound = 0
    for reader in ["coco", "results"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: "\(fixtures)/\(reader)") {
        let path = "\(fixtures)/\(reader)/\(name)"
        do {
          if reader == "coco" {
            _ = try COCOAnnotations.read(path)
          } else {
            _ = try COCOResults.read(path, keypointCount: 2)
          }
          sound += 1
        } catch let error as COCOFileError {
          #expect(error.path == path)
        }
      }
    }
    #expect(sound >= 2)
  }

  @Test func `are found when a file is cut at any byte`() throws {
    let labels = Array(Texts.annotations(annotations: Texts.annotation(1) + "," + Texts.annotation(2)).utf8)
    for length in 0..<(labels.count - 3) {
      let path = try folder.write("gt.json", String(decoding: labels[..<length], as: UTF8.self))
      #expect(throws: COCOFileError.self, "cut at \(length)") { try COCOAnnotations.read(path) }
    }
    let results = Array("[\(Texts.detection()),\(Texts.detection())]".utf8)
    for length in 0..<results.count {
      let path = try folder.write("dt.json", String(decoding: results[..<length], as: UTF8.self))
      #expect(throws: COCOFileError.self, "cut at \(length)") { try COCOResults.read(path, keypointCount: 2) }
    }
  }

  @Test func `name the first of several, whichever thread meets it`() throws {
    var records = (0..<12_000).map { _ in Texts.detection() }
    records[9_000] = "{}"
    records[5_000] = Texts.detection(score: "[]")
    let path = try folder.write("dt.json", "[\(records.joined(separator: ","))]")
    for _ in 0..<5 {
      #expect(
        throws: COCOFileError(path: path, place: "[5000].score", message: "must be a number, but is a list")
      ) {
        try COCOResults.read(path, keypointCount: 2)
      }
    }
  }

  @Test func `include exchanged and missing files`() throws {
    let path = try folder.write("gt.json", Texts.annotations())
    #expect(
      throws: COCOFileError(
        path: path,
        message: "COCO results are a list of detections; this is an object, as annotation files are: "
          + "are the two files exchanged?")
    ) { try COCOResults.read(path, keypointCount: 2) }
    #expect { try COCOAnnotations.read("/nowhere/gt.json") } throws: { error in
      "\(error)" == "/nowhere/gt.json: cannot open this file: No such file or directory"
    }
  }
}
