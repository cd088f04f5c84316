import Data
import Foundation
import PoseCore
import Testing

@Suite struct `Writing COCO results` {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let detection = Detection(
    classIndex: 0, score: 0.123456, box: Box(x1: 1.5, y1: -2.00049, x2: 11.25, y2: 20),
    keypoints: [
      PredictedKeypoint(x: 3, y: 4.1239, confidence: 0.98765432),
      PredictedKeypoint(x: 0, y: 1e6, confidence: 1),
    ])

  @Test func `rounds numbers as users expect`() throws {
    let path = folder.path + "/results.json"
    let writer = try COCOResultsWriter(path)
    try writer.write(detection, imageID: 42, categoryID: 3)
    #expect(!FileManager.default.fileExists(atPath: path))
    try writer.finish()
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(
      text == """
        [{"image_id":42,"category_id":3,"bbox":[1.5,-2.0,9.75,22.0],"score":0.12346,\
        "keypoints":[3.0,4.124,0.98765,0.0,1000000.0,1.0]}]

        """)
  }

  @Test func `writes what can be read again`() throws {
    let path = folder.path + "/results.json"
    let writer = try COCOResultsWriter(path)
    for index in 0..<2000 { try writer.write(detection, imageID: index, categoryID: 1) }
    try writer.finish()
    let results = try COCOResults.read(path, keypointCount: 2)
    #expect(results.imageIDs == Array(0..<2000))
    #expect(results.keypoints.prefix(4) == [3, 0, 4.124, 1e6])
  }

  @Test func `writes an empty list`() throws {
    let path = folder.path + "/results.json"
    try COCOResultsWriter(path).finish()
    #expect(try COCOResults.read(path, keypointCount: 17).count == 0)
  }

  @Test func `refuses numbers that are none`() throws {
    let writer = try COCOResultsWriter(folder.path + "/results.json")
    var broken = detection
    broken.keypoints[1].y = .nan
    #expect(throws: COCOFileError.self) { try writer.write(broken, imageID: 1, categoryID: 1) }
  }

  @Test(arguments: [
    (0.0, 3, "0.0"), (-0.0004, 3, "0.0"), (12.3456, 3, "12.346"), (-7.1, 3, "-7.1"), (0.00001, 5, "0.00001"),
    (99.9999, 3, "100.0"), (5, 0, "5.0"), (1e20, 3, "1e+20"),
  ])
  func `spells decimals`(value: Double, digits: Int, text: String) {
    var bytes: [UInt8] = []
    bytes.append(decimal: value, digits: digits)
    #expect(String(decoding: bytes, as: UTF8.self) == text)
  }
}
