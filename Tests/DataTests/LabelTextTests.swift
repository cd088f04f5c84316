import Config
import Data
import Foundation
import Imaging
import PoseCore
import Testing

@Suite struct `Label files` {
  private func index(
    _ label: String, yaml: String = DatasetFolder.plainYAML, in folder: DatasetFolder,
    options: IndexOptions = IndexOptions()
  ) throws -> DatasetIndex {
    try folder.picture("images/train/a.png", width: 40, height: 20)
    try folder.write("labels/train/a.txt", label)
    return try DatasetIndex(try folder.spec(yaml), split: .train, options: options)
  }

  @Test func `are read into pixels`() throws {
    let index = try index("1 0.5 0.25 0.5 0.1 0.1 0.2 2 1.0 1 1\n", in: try DatasetFolder())
    let instance = try #require(index.trainingInstances(of: 0).first)
    #expect(instance.classIndex == 1)
    #expect(instance.box == Box(x1: 10, y1: 4, x2: 30, y2: 6))
    #expect(
      instance.keypoints == [
        Keypoint(x: 4, y: 4, visibility: .visible), Keypoint(x: 40, y: 20, visibility: .hidden),
      ])
    let truth = try #require(index.groundTruths(of: 0).first)
    #expect(abs(truth.area - 40) < 1e-9 && truth.id == 1 && !truth.isCrowd && !truth.isIgnored)
  }

  static let row = "0 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0"

  @Test(arguments: [
    "\u{FEFF}\(row)", "\(row)\r\n\r\n", "\n\n\(row)\n", row.replacing(" ", with: "\t"), "  \(row)  \n \t\n",
    "\(row)\n\(row)\n", "+0 5e-1 .5 0.20000000000000000000 4.0E-1 0.1 0.2 2.0 0.3 0.4 0.000\n",
  ])
  func `may come from any editor`(text: String) throws {
    let index = try index(text, in: try DatasetFolder())
    #expect(index.trainingInstances(of: 0).count == 1)
    #expect(index.trainingInstances(of: 0).first?.box == Box(x1: 16, y1: 6, x2: 24, y2: 14))
    #expect(index.report.duplicateRows == (text.count > 60 && text.hasPrefix(Self.row + "\n0") ? 1 : 0))
  }

  /// What fuzzing kept: each way through the reader once.
  @Test func `that fuzzing found are read, or named with their line`() throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/fuzz/yolo")
    let folder = try DatasetFolder()
    var objects = 0
    for file in try FileManager.default.contentsOfDirectory(at: fixtures, includingPropertiesForKeys: nil) {
      let bytes = [UInt8](try Foundation.Data(contentsOf: file))
      let index = try index(
        String(decoding: bytes, as: UTF8.self), in: folder,
        options: IndexOptions(badLabels: .skip, needsObjects: false))
      objects += index.trainingInstances(of: 0).count
    }
    #expect(objects > 0)
  }

  @Test func `that are empty or missing mean background`() throws {
    let folder = try DatasetFolder()
    try folder.picture("images/train/b.png")
    try folder.picture("images/train/c.png")
    try folder.write("labels/train/c.txt", "")
    let index = try index(Self.row, in: folder)
    #expect(index.count == 3)
    #expect(index.report.backgrounds == 2 && index.report.missingLabelFiles == 1)
    #expect(index.trainingInstances(of: 1).isEmpty && index.trainingInstances(of: 2).isEmpty)
    #expect("\(index.report)" == "3 images, 1 object, 2 backgrounds")
  }

  static let faults: [(String, String)] = [
    (
      "0 0.5 0.5 0.2 0.4",
      "1:1: error: the row has 5 columns, but 11 are wanted: class, box x, y, width, height, and x, y and visibility"
        + " of 2 keypoints; this is a box without keypoints"
    ),
    (
      "0 0.5 0.5 0.2 0.4 0.1 0.1 0.2 0.2",
      "1:1: error: the row has 9 columns, but 11 are wanted: class, box x, y, width, height, and x, y and visibility"
        + " of 2 keypoints; with 'kpt_shape: [2, 2]' in the dataset YAML it would fit"
    ),
    ("0 0.5 O.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0", "1:7: error: box y must be a number, but is 'O.5'"),
    (
      "0 0.5 0.5 0.2 0.4 nan 0.2 2 0.3 0.4 0",
      "1:19: error: keypoint 0 x must be a finite number, but is 'nan'"
    ),
    ("0 0.5 0.5 inf 0.4 0.1 0.2 2 0.3 0.4 0", "1:11: error: box width must be a finite number, but is 'inf'"),
    (
      "2 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0",
      "1:1: error: there is no class 2: classes are 0 to 1 (see 'names' in the dataset YAML)"
    ),
    (
      "0.5 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0",
      "1:1: error: there is no class 0.5: classes are 0 to 1 (see 'names' in the dataset YAML)"
    ),
    (
      "0 0.5 0.5 0.2 0.4 0.1 0.2 7 0.3 0.4 0",
      "1:27: error: keypoint 0 visibility must be 0 (not labelled), 1 (hidden) or 2 (visible), but is 7"
    ),
    (
      "0 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 .5",
      "1:37: error: keypoint 1 visibility must be 0 (not labelled), 1 (hidden) or 2 (visible), but is .5"
    ),
    (
      "0 120 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0",
      "1:3: error: box x must lie within 0…1, but is 120; are these pixels? divide by the image's width and height"
    ),
    (
      "0 0.5 0.5 0.2 0.4 0.1 -0.2 2 0.3 0.4 0",
      "1:23: error: keypoint 0 y must lie within 0…1, but is -0.2"
    ),
    (
      "0 0.5 0.5 0 0.4 0.1 0.2 2 0.3 0.4 0",
      "1:11: error: box width is 0: a box must have a size; delete the row or correct the box"
    ),
  ]

  @Test(arguments: faults)
  func `with a fault are refused, naming row, column and remedy`(row: String, message: String) throws {
    let folder = try DatasetFolder()
    let text = folder.message { _ = try index("\n" + row + "\n", in: folder) }
    // The fault stands in line 2.
    let lines = text.split(separator: "\n")
    #expect(lines.first ?? "" == "labels/train/a.txt:2" + message.dropFirst())
    #expect(
      lines.last ?? ""
        == "note: 1 bad label row in 1 file; correct them, or leave such rows out with skip_bad=true")
  }

  @Test func `show the place in the row`() throws {
    let folder = try DatasetFolder()
    let text = folder.message { _ = try index("0 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 1.4 0", in: folder) }
    #expect(
      text.hasPrefix(
        """
        labels/train/a.txt:1:33: error: keypoint 1 y must lie within 0…1, but is 1.4; are these pixels? divide by \
        the image's width and height
        0 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 1.4 0
                                        ^~~
        """))
  }

  @Test func `with faults may be used without the bad rows`() throws {
    let folder = try DatasetFolder()
    let index = try index(
      "0 0.5\n\(Self.row)\n9 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0\n", in: folder,
      options: IndexOptions(badLabels: .skip))
    #expect(index.trainingInstances(of: 0).count == 1)
    #expect("\(index.report)" == "1 image, 1 object, 0 backgrounds, 2 bad label rows left out")
  }

  @Test func `list the first ten faults and count the rest`() throws {
    let folder = try DatasetFolder()
    for number in 0..<4 {
      try folder.picture("images/train/p\(number).png")
      try folder.write("labels/train/p\(number).txt", "x\ny\nz\nw\n")
    }
    let text = folder.message { _ = try index(Self.row, in: folder) }
    #expect(text.split(separator: "\n").count { $0.contains("error:") } == 10)
    #expect(
      text.hasSuffix(
        "note: 16 bad label rows in 4 files; correct them, or leave such rows out with skip_bad=true"))
  }

  @Test func `may exceed the edge by a rounding error`() throws {
    let index = try index("0 0.5 0.5 1.00001 1 1.00005 -0.00002 2 0 0 0", in: try DatasetFolder())
    let instance = try #require(index.trainingInstances(of: 0).first)
    #expect(instance.box == Box(x1: 0, y1: 0, x2: 40, y2: 20))
    #expect(instance.keypoints[0] == Keypoint(x: 40, y: 0, visibility: .visible))
  }

  @Test func `without visibilities count points as visible, but for the origin`() throws {
    let yaml = DatasetFolder.plainYAML.replacing("[2, 3]", with: "[2, 2]")
    let index = try index("0 0.5 0.5 0.2 0.4 0.1 0.2 0 0", yaml: yaml, in: try DatasetFolder())
    #expect(index.trainingInstances(of: 0)[0].keypoints.map(\.visibility) == [.visible, .unlabelled])
  }

  @Test func `may be joined into one class`() throws {
    let index = try index(
      "5 0.5 0.5 0.2 0.4 0.1 0.2 2 0.3 0.4 0", in: try DatasetFolder(),
      options: IndexOptions(singleClass: true))
    #expect(index.trainingInstances(of: 0)[0].classIndex == 0 && index.classNames == ["object"])
  }
}
