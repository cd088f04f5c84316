import Config
import Data
import Foundation
import PoseCore
import Testing

@Suite struct `Labels from COCO files` {
  static let yaml = DatasetFolder.plainYAML + "annotations: {train: gt.json}\n"

  private func folder(_ json: String) throws -> DatasetFolder {
    let folder = try DatasetFolder()
    try folder.picture("images/train/a.png", width: 40, height: 20)
    try folder.picture("images/train/b.png", width: 30, height: 50)
    try folder.picture("images/train/unlisted.png")
    try folder.write("gt.json", json)
    return folder
  }

  private func index(_ json: String, options: IndexOptions = IndexOptions()) throws -> DatasetIndex {
    let folder = try folder(json)
    let spec = try folder.spec(Self.yaml)
    return try withExtendedLifetime(folder) { try DatasetIndex(spec, split: .train, options: options) }
  }

  private func message(_ json: String) throws -> String {
    let folder = try folder(json)
    return folder.message { _ = try DatasetIndex(try folder.spec(Self.yaml), split: .train) }
  }

  private static func file(
    images: String =
      #"{"id": 20, "width": 30, "height": 50, "file_name": "b.png"}, {"id": 7, "file_name": "a.png"}"#,
    annotations: String, categories: String = #"{"id": 5, "name": "hen"}, {"id": 3, "name": "fox"}"#
  ) -> String {
    "{\"images\": [\(images)], \"categories\": [\(categories)], \"annotations\": [\(annotations)]}"
  }

  private static func annotation(
    _ id: Int, image: Int = 7, category: Int = 3, keypoints: String = "[12, 13, 2, 30.5, 9, 1]",
    crowd: Int = 0, box: String = "[10, 8, 24, 11]"
  ) -> String {
    """
    {"id": \(id), "image_id": \(image), "category_id": \(category), "area": 200.5, "iscrowd": \(crowd),
     "bbox": \(box), "keypoints": \(keypoints)}
    """
  }

  @Test func `are taken in pixels, classes by name, images by path`() throws {
    let index = try index(
      Self.file(
        annotations: [Self.annotation(31, category: 5), Self.annotation(30, image: 20)].joined(separator: ",")
      ))
    #expect(index.count == 2)
    #expect((0..<2).map(index.imageID) == [7, 20])
    let truth = try #require(index.groundTruths(of: 0).first)
    #expect(truth.id == 31 && truth.area == 200.5 && truth.instance.classIndex == 1)
    #expect(truth.instance.box == Box(x1: 10, y1: 8, x2: 34, y2: 19))
    #expect(
      truth.instance.keypoints == [
        Keypoint(x: 12, y: 13, visibility: .visible), Keypoint(x: 30.5, y: 9, visibility: .hidden),
      ])
    #expect(index.trainingInstances(of: 1).map(\.classIndex) == [0])
  }

  @Test func `keep their classes' numbers when images are chosen`() throws {
    let index = try index(Self.file(annotations: Self.annotation(30, image: 20)))
    let labelled = index.selecting(.labelled).index
    #expect(labelled.count == 1 && labelled.imageID(of: 0) == 20)
    #expect((0..<2).map(labelled.categoryID) == (0..<2).map(index.categoryID))
    #expect(Set((0..<2).map(labelled.categoryID)) == [3, 5])
  }

  @Test func `keep crowds, unlabelled objects and empty boxes for evaluation only`() throws {
    let index = try index(
      Self.file(
        annotations: [
          Self.annotation(1, crowd: 1), Self.annotation(2, keypoints: "[0,0,0,0,0,0]"),
          Self.annotation(3, box: "[10, 8, 0, 4]"), Self.annotation(4),
        ].joined(separator: ",")))
    let truths = index.groundTruths(of: 0)
    #expect(truths.map(\.id) == [1, 2, 3, 4])
    #expect(truths.map(\.isCrowd) == [true, false, false, false])
    #expect(truths.map(\.isIgnored) == [false, true, false, false])
    #expect(index.trainingInstances(of: 0).count == 1)
    #expect(index.report.objects == 4 && index.report.trainableObjects == 1)
  }

  @Test func `take categories in the order of ids where no name fits`() throws {
    let index = try index(
      Self.file(
        annotations: Self.annotation(1, category: 9),
        categories: #"{"id": 9, "name": "cat"}, {"id": 4, "name": "dog"}"#))
    #expect(index.trainingInstances(of: 0).map(\.classIndex) == [1])
    #expect(index.report.warnings.count == 1)
  }

  @Test func `leave out other categories, and say so`() throws {
    let index = try index(
      Self.file(
        annotations: [Self.annotation(1), Self.annotation(2, category: 8)].joined(separator: ","),
        categories: #"{"id": 3, "name": "fox"}, {"id": 8, "name": "crow"}"#))
    #expect(index.groundTruths(of: 0).map(\.id) == [1])
    #expect(
      index.report.warnings.contains {
        $0.message.contains("1 annotations are of other categories than 'fox', 'hen'")
      })
  }

  @Test func `name images that are not there`() throws {
    let index = try index(
      Self.file(
        images: #"{"id": 7, "file_name": "a.png"}, {"id": 8, "file_name": "gone.png"}"#,
        annotations: Self.annotation(1)))
    #expect(index.count == 1 && index.report.skipped.count == 1)
    #expect(index.report.skipped.first?.description.hasSuffix("images/train/gone.png: no such file") == true)
  }

  @Test func `are narrowed down by a list file`() throws {
    let folder = try folder(Self.file(annotations: Self.annotation(1)))
    try folder.write("few.txt", "./images/train/a.png\n")
    let yaml = Self.yaml.replacing("train: images/train", with: "train: few.txt")
    let index = try DatasetIndex(try folder.spec(yaml), split: .train)
    #expect(index.count == 1 && index.imageID(of: 0) == 7)
  }

  @Test func `with faults are refused, naming the place`() throws {
    let good = Self.annotation(1)
    #expect(
      try message(Self.file(annotations: Self.annotation(1, image: 99))).hasPrefix(
        "data.yaml:7:22: error: gt.json: annotations[0].image_id: is 99, an image that this file does not list"
      ))
    #expect(
      try message(Self.file(annotations: "\(good), \(good)")).hasPrefix(
        "data.yaml:7:22: error: gt.json: annotations[1].id: is 1, which is the id of annotations[0], too; ids must be"
          + " unique"))
    #expect(
      try message(
        Self.file(
          images: #"{"id": 7, "file_name": "a.png"}, {"id": 7, "file_name": "b.png"}"#, annotations: good)
      ).contains("images[1].id: is 7, which is the id of images[0], too"))
    #expect(
      try message(Self.file(annotations: Self.annotation(1, category: 99))).contains(
        "annotations[0].category_id: is 99, a category that this file does not list"))
    #expect(
      try message(Self.file(images: #"{"id": 7}"#, annotations: good)).contains(
        "gt.json: images[0].file_name is missing"))
    #expect(
      try message(Self.file(annotations: Self.annotation(1, keypoints: "[1, 2, 2]")))
        == """
        error: gt.json: annotations[0].keypoints has 3 numbers, but 2 keypoints ('kpt_shape') take 6
        note: 1 bad label row in 1 file; correct them, or leave such rows out with skip_bad=true
        """)
    #expect(
      try message(Self.file(annotations: Self.annotation(1, keypoints: "[1, 2, 2, 1, 2, 3]"))).hasPrefix(
        "error: gt.json: annotations[0].keypoints keypoint 1 has the visibility 3.0; it must be 0 (not labelled), 1"
          + " (hidden) or 2 (visible)"))
    let skipped = try index(
      Self.file(annotations: "\(good), \(Self.annotation(2, keypoints: "[1, 2, 2]"))"),
      options: IndexOptions(badLabels: .skip))
    #expect(skipped.report.objects == 1 && skipped.report.badRows == 1)
    #expect(try message("").contains("gt.json"))
    #expect(try message(Self.file(images: "", annotations: "")).contains("'gt.json' leaves no image"))
  }
}
