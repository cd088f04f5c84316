import Data
import DataQuality
import Foundation
import Imaging
import PoseCore
import Testing

@Suite struct `The check of a data set` {
  private static let yaml = """
    train: images/train
    val: images/val
    names: [fox, hen]
    kpt_shape: [3, 3]
    kpt_names: [nose, left_ear, right_ear]

    """
  /// 3 keypoints about the centre of the image.
  private static let row = "0 0.5 0.5 0.4 0.4 0.5 0.5 2 0.6 0.4 2 0.4 0.4 1"

  private func faulty() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write("data.yaml", Self.yaml)
    func add(_ name: String, seed: Int, _ labels: String?, split: String = "train") throws {
      try folder.write("images/\(split)/\(name).jpg", try ScratchFolder.picture(seed: seed))
      if let labels { try folder.write("labels/\(split)/\(name).txt", labels) }
    }
    try add("good", seed: 1, Self.row)
    try add("outside", seed: 2, "0 0.9 0.5 0.4 0.4 0.9 0.5 2 0 0 0 0.8 0.4 1")
    try add("tiny", seed: 3, Self.row + "\n0 0.5 0.5 0.02 0.02 0.5 0.5 2 0 0 0 0 0 0")
    try add("pointless", seed: 4, "0 0.5 0.5 0.4 0.4 0 0 0 0 0 0 0 0 0")
    try add("far", seed: 5, "0 0.2 0.2 0.1 0.1 0.2 0.2 2 0.9 0.9 2 0 0 0")
    try add("origin", seed: 6, "0 0.5 0.5 0.4 0.4 0.5 0.5 2 0 0 2 0.4 0.4 1")
    try add("unflagged", seed: 7, "0 0.5 0.5 0.4 0.4 0.5 0.5 2 0.6 0.4 0 0.4 0.4 1")
    try add("bad", seed: 8, "\(Self.row)\n7 0.1 0.1 0.1 0.1\n\(Self.row)")
    try add("leaked", seed: 9, Self.row)
    try add("copy", seed: 1, Self.row)
    try add("unlabelled", seed: 10, nil)
    try folder.write("labels/train/lost.txt", Self.row)
    let whole = try ScratchFolder.picture(seed: 11)
    try folder.write("images/train/cut.jpg", Array(whole[..<(whole.count * 2 / 3)]))
    try folder.write("images/train/text.jpg", "no picture")
    let pixels = try Image(decoding: try ScratchFolder.picture(seed: 12))
    try folder.write("images/train/misnamed.jpg", try pixels.png())
    try folder.write("images/train/turned.jpg", Self.turned(try ScratchFolder.picture(seed: 13)))
    try folder.write("images/val/other.jpg", try ScratchFolder.picture(seed: 9))
    try folder.write("labels/val/other.txt", Self.row)
    try folder.write(
      "images/val/smaller.jpg", try ScratchFolder.picture(width: 90, height: 60, seed: 5, quality: 70))
    try folder.write("labels/val/smaller.txt", Self.row)
    return folder
  }

  /// The JPEG with an Exif orientation of 6: to be turned right.
  private static func turned(_ jpeg: [UInt8]) -> [UInt8] {
    let tiff: [UInt8] =
      Array("II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
    let body = Array("Exif\0\0".utf8) + tiff
    let length = body.count + 2
    return Array(jpeg[..<2]) + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + body + jpeg[2...]
  }

  private func report(_ folder: ScratchFolder) throws -> CheckReport {
    try DatasetCheck(try DatasetSpec(contentsOf: folder.path + "/data.yaml")).run()
  }

  private func places(_ report: CheckReport, _ kind: FindingKind, _ folder: ScratchFolder) -> [String] {
    report.findings.examples[kind, default: []].map { folder.relative($0.place) }
  }

  @Test func `finds each fault with its file and line`() throws {
    let folder = try faulty()
    let found = try report(folder)
    let expected: [(FindingKind, [String])] = [
      (.unreadableImage, ["images/train/text.jpg"]),
      (.truncatedImage, ["images/train/cut.jpg"]),
      (.otherExtension, ["images/train/misnamed.jpg"]),
      (.turnedImage, ["images/train/turned.jpg"]),
      (.leakedImage, ["images/train/leaked.jpg"]),
      (.duplicateImage, ["images/train/good.jpg"]),
      (.badRow, ["labels/train/bad.txt:2"]),
      (.repeatedRow, ["labels/train/bad.txt"]),
      (.labelsWithoutImage, ["labels/train/lost.txt"]),
      (.boxOutside, ["labels/train/outside.txt:1"]),
      (.tinyBox, ["labels/train/tiny.txt:2"]),
      (.noKeypoints, ["labels/train/pointless.txt:1"]),
      (.keypointFarFromBox, ["labels/train/far.txt:1"]),
      (.keypointAtOrigin, ["labels/train/origin.txt:1"]),
      (.placeWithoutVisibility, ["labels/train/unflagged.txt:1"]),
      (.unusedClass, ["data.yaml"]),
      (.similarImage, ["images/val/smaller.jpg"]),
    ]
    for (kind, places) in expected { #expect(self.places(found, kind, folder) == places, "\(kind)") }
    #expect(found.findings.counts[.sigmaFallback] == 1)
    #expect(found.findings.counts[.sparseLabels] == 1)
    #expect(found.findings.examples[.unusedClass]?[0].message == "no object is of class 1, 'hen'")
    #expect(
      found.findings.examples[.keypointAtOrigin]?[0].message == "'left_ear' is labelled at (0, 0)")
    for kind in FindingKind.allCases { #expect(!kind.remedy.isEmpty && !kind.explanation.isEmpty) }
    #expect(found.findings.errorCount == 4)
  }

  @Test func `says nothing bad of a clean data set`() throws {
    let folder = try ScratchFolder()
    _ = try SyntheticPeople().write(
      to: folder.path + "/people", images: 40, size: 96, seed: 3, validationFraction: 0.25)
    let spec = try DatasetSpec(contentsOf: folder.path + "/people/data.yaml")
    let found = try DatasetCheck(spec).run()
    #expect(found.findings.errorCount == 0)
    #expect(found.counts.map(\.images) == [30, 10])
    for kind in [FindingKind.exchangedColumns, .doubtfulFlip, .neverVisible, .unusedKeypoint, .boxOutside] {
      #expect(found.findings.counts[kind] == nil, "\(kind)")
    }
  }

  @Test func `writes a corrected copy and leaves the input as it is`() throws {
    let folder = try faulty()
    let before = try folder.contents()
    let out = try ScratchFolder()
    let summary = try CorrectedCopy(try report(folder), to: out.path + "/new").write()
    #expect(try folder.contents() == before)
    #expect(summary.imagesLeftOut == 4 && summary.rowsLeftOut == 2 && summary.objectsChanged == 3)
    let spec = try DatasetSpec(contentsOf: summary.file)
    let again = try DatasetCheck(spec).run()
    let left = FindingKind.allCases.filter { again.findings.counts[$0] != nil && $0.correction != nil }
    #expect(left.filter { $0 != .tinyBox } == [])
    #expect(again.findings.errorCount == 0)
    let train = try DatasetIndex(spec, split: .train)
    #expect(train.count == summary.images - 2)
    #expect(
      spec.skeleton.names == ["nose", "left_ear", "right_ear"] && spec.skeleton.flipIndices == [0, 2, 1])
    let names = train.paths.map { ($0 as NSString).lastPathComponent }
    #expect(names.contains("misnamed.png") && !names.contains("leaked.jpg") && names.contains("copy.jpg"))
    let turned = try #require(names.firstIndex(of: "turned.jpg"))
    #expect(train.size(of: turned) == ImageSize(width: 80, height: 120))
    let outside = train.trainingInstances(of: try #require(names.firstIndex(of: "outside.jpg")))[0]
    #expect(abs(outside.box.x2 - 120) < 0.01 && abs(outside.box.x1 - 84) < 0.01)
    #expect(throws: CorrectedCopyError.self) { _ = try CorrectedCopy(try report(folder), to: folder.path) }
    #expect(throws: CorrectedCopyError.self) {
      _ = try CorrectedCopy(try report(folder), to: folder.path + "/images/train/new")
    }
    #expect(throws: CorrectedCopyError.self) { _ = try CorrectedCopy(try report(folder), to: out.path) }
  }

  @Test func `makes one page with pictures that needs nothing else`() throws {
    let folder = try faulty()
    try FileManager.default.moveItem(
      atPath: folder.path + "/images/train/far.jpg", toPath: folder.path + "/images/train/<b>far.jpg")
    try FileManager.default.moveItem(
      atPath: folder.path + "/labels/train/far.txt", toPath: folder.path + "/labels/train/<b>far.txt")
    let page = try report(folder).html()
    #expect(page.contains("data:image/jpeg;base64,") && page.contains("labels/train/bad.txt:2"))
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"))
    #expect(page.contains("&lt;b&gt;far.jpg") && !page.contains("<b>far"))
  }

  /// Seen from the front: left is on the right. `exchanged` pairs lie the other way round.
  private func person(_ number: Int, exchanged: Set<Int> = []) -> String {
    var points = [(0.5, 0.3)]
    for pair in 0..<4 {
      let y = 0.4 + 0.1 * Double(pair) + Double(number % 5) * 0.004
      let side = exchanged.contains(pair) ? -0.09 : 0.09
      points += [(0.5 + side, y), (0.5 - side, y)]
    }
    return "0 0.5 0.5 0.3 0.6 " + points.map { "\($0.0) \($0.1) 2" }.joined(separator: " ")
  }

  private func people(
    _ flips: [Int], count: Int = 40, _ row: (Int) -> String
  ) throws -> (ScratchFolder, CheckReport) {
    let folder = try ScratchFolder()
    try folder.write(
      "data.yaml",
      "train: images\nval: images\nnames: [person]\nkpt_shape: [9, 3]\nflip_idx: \(flips)\n")
    for number in 0..<count {
      try folder.write("images/\(number).jpg", try ScratchFolder.picture(seed: number))
      try folder.write("labels/\(number).txt", row(number))
    }
    let spec = try DatasetSpec(contentsOf: folder.path + "/data.yaml")
    return (folder, try DatasetCheck(spec, splits: [.train]).run())
  }

  private static let flips = [0, 2, 1, 4, 3, 6, 5, 8, 7]

  @Test func `finds left and right exchanged in one object`() throws {
    let (folder, found) = try people(Self.flips) { person($0, exchanged: $0 == 17 ? [2] : []) }
    #expect(places(found, .exchangedSides, folder) == ["labels/17.txt:1"])
    #expect(found.findings.examples[.exchangedSides]?[0].keypoints == [5, 6])
    #expect(found.findings.counts[.exchangedColumns] == nil && found.findings.counts[.doubtfulFlip] == nil)
  }

  @Test func `finds left and right exchanged in a whole column`() throws {
    let (folder, found) = try people(Self.flips) { person($0, exchanged: [3]) }
    #expect(places(found, .exchangedColumns, folder) == ["data.yaml"])
    #expect(
      found.findings.examples[.exchangedColumns]?[0].message
        == "'point_7' and 'point_8' lie the other way round than the other pairs in 100 % of 40 objects")
  }

  @Test func `finds mirror pairs that lie at different heights, or on one side`() throws {
    let (_, wrong) = try people([0, 2, 1, 6, 5, 4, 3, 8, 7]) { person($0) }
    let messages = wrong.findings.examples[.doubtfulFlip, default: []].map(\.message)
    #expect(messages.count == 2)
    #expect(
      messages.first?.hasPrefix("flip_idx exchanges 'point_3' and 'point_6', but on average they lie at")
        == true)
    #expect(messages.first?.hasSuffix("'point_4' lies like the first") == true)
    let (_, lone) = try people([0, 2, 1, 4, 3, 6, 5, 7, 8]) { person($0) }
    #expect(lone.findings.counts[.doubtfulFlip] == 2)
  }

  @Test func `notices flags that never say visible, and keypoints never labelled`() throws {
    let (_, found) = try people(Self.flips, count: 3) { number in
      person(number).replacing(" 2", with: " 1").replacing(
        "0.5 0.3 1", with: "0 0 0", maxReplacements: 1)
    }
    #expect(found.findings.counts[.neverVisible] == 1)
    #expect(
      found.findings.examples[.unusedKeypoint]?.map(\.message) == [
        "'point_0' is labelled in none of 3 objects"
      ])
  }

  @Test func `goes by annotations in COCO files, too`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "data.yaml",
      "train: images\nval: images\nannotations: {train: a.json, val: a.json}\nnames: [fox]\nkpt_shape: [2, 3]\n"
        + "kpt_names: [left_ear, right_ear]\nkpt_oks_sigmas: [0.1, 0.1]\n")
    try folder.write("images/1.jpg", try ScratchFolder.picture(seed: 1))
    try folder.write(
      "a.json",
      """
      {"images": [{"id": 1, "file_name": "1.jpg", "width": 80, "height": 120}],
       "categories": [{"id": 1, "name": "fox"}],
       "annotations": [
         {"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 40, 40], "area": 900, "iscrowd": 0,
          "keypoints": [20, 20, 2, 30, 20, 2]},
         {"id": 2, "image_id": 1, "category_id": 1, "bbox": [10, 10, 40, 40], "area": 1, "iscrowd": 0,
          "keypoints": [20, 20, 2, 300, 20, 2]},
         {"id": 3, "image_id": 1, "category_id": 1, "bbox": [10, 10, 40, 40], "area": 1, "iscrowd": 0,
          "keypoints": [20, 20, 5, 30, 20, 2]}]}
      """)
    let spec = try DatasetSpec(contentsOf: folder.path + "/data.yaml")
    let found = try DatasetCheck(spec, splits: [.train]).run()
    #expect(places(found, .objectArea, folder) == ["a.json: annotations[1]"])
    #expect(places(found, .keypointOutsideImage, folder) == ["a.json: annotations[1]"])
    #expect(places(found, .badRow, folder) == ["a.json"])
    #expect(places(found, .otherSize, folder) == ["images/1.jpg"])
  }
}
