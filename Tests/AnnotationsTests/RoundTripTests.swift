import Annotations
import Foundation
import Testing

@Suite struct `Annotations come back` {
  static let sizes = [(width: 641, height: 427), (width: 97, height: 1203), (width: 333, height: 333)]

  /// A COCO file of odd numbers, with everything that such files can say of keypoints.
  private static func coco(_ seed: UInt64, plain: Bool = false) -> String {
    var dice = Dice(seed)
    let digits = [0, 1, 2, 3, 6][dice.below(5)]
    var images: [String] = []
    var annotations: [String] = []
    for (index, size) in sizes.enumerated() {
      let name = ["a.jpg", "Ünter/b c.png", "x&y \"q\".jpeg"][index]
      images.append(
        "{\"id\":\(index * 7 + 3),\"file_name\":\(quoted(name)),\"width\":\(size.width),\"height\":\(size.height)}"
      )
      for number in 0..<dice.below(6) {
        let (width, height) = (Double(size.width), Double(size.height))
        let isHen = !plain && dice.below(4) == 0
        let box = [
          dice.decimal(0..<(width / 2), digits), dice.decimal(0..<(height / 2), digits),
          dice.decimal(1..<(width / 2), digits), dice.decimal(1..<(height / 2), digits),
        ]
        var keypoints: [String] = []
        if !isHen && (plain || dice.below(5) > 0) {
          for _ in 0..<3 {
            let visibility = dice.below(3)
            keypoints +=
              visibility == 0
              ? ["0", "0", "0"]
              : [dice.decimal(0..<width, digits), dice.decimal(0..<height, digits), String(visibility)]
          }
        }
        let sides = (Double(box[2]) ?? 0) * (Double(box[3]) ?? 0)
        let area = plain ? "\(sides)" : dice.decimal(1..<5000, 4)
        let points = keypoints.isEmpty ? "" : ",\"keypoints\":[\(keypoints.joined(separator: ","))]"
        annotations.append(
          "{\"id\":\(1000 * index + 13 * number + 1),\"image_id\":\(index * 7 + 3),\"category_id\":\(isHen ? 9 : 4),"
            + "\"iscrowd\":\(!plain && dice.below(6) == 0 ? 1 : 0),\"area\":\(area),"
            + "\"bbox\":[\(box.joined(separator: ","))]\(points)}")
      }
    }
    let hen = plain ? "" : ",{\"id\":9,\"name\":\"hen <&> cock\"}"
    return
      "{\"images\":[\(images.joined(separator: ","))],\"annotations\":[\(annotations.joined(separator: ","))],"
      + "\"categories\":[{\"id\":4,\"name\":\"fox\",\"keypoints\":[\"nose\",\"left_ear\",\"right_ear\"],"
      + "\"skeleton\":[[1,2],[1,3]]}\(hen)]}"
  }

  private static func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\\\"") + "\"" }

  private func pictures(_ folder: Folder) throws {
    for (name, size) in zip(["a.jpg", "Ünter/b c.png", "x&y \"q\".jpeg"], Self.sizes) {
      try folder.picture("pictures/" + name, width: size.width, height: size.height)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `whole from COCO by way of Labelme`(seed: UInt64) throws {
    let folder = try Folder()
    try folder.write("in.json", Self.coco(seed))
    let before = try folder.sets("in.json")
    #expect(
      try folder.convert("in.json", "shapes") {
        $0.format = .labelme; $0.images = .none
      } == [])
    #expect(try folder.convert("shapes", "out.json") == [])
    var after = try folder.sets("out.json")
    // Files come in the order of their names.
    for index in after.indices { after[index].set.images.sort { $0.name < $1.name } }
    var sorted = before
    for index in sorted.indices { sorted[index].set.images.sort { $0.name < $1.name } }
    #expect(after == sorted)
  }

  @Test(arguments: 20..<40 as Range<UInt64>)
  func `from COCO by way of CVAT, but for what CVAT has no place for`(seed: UInt64) throws {
    let folder = try Folder()
    try folder.write("in.json", Self.coco(seed))
    var before = try folder.sets("in.json")
    #expect(
      try folder.convert("in.json", "shapes.xml")
        == ["numbers of images left out: 3", "numbers of classes left out: 2"])
    #expect(try folder.convert("shapes.xml", "out.json") == [])
    var after = try folder.sets("out.json")
    for set in [0] {
      for index in before[set].set.images.indices { before[set].set.images[index].id = nil }
      for index in before[set].set.categories.indices { before[set].set.categories[index].id = nil }
      for index in after[set].set.images.indices { after[set].set.images[index].id = nil }
      for index in after[set].set.categories.indices { after[set].set.categories[index].id = nil }
    }
    // The file's own numbers are new where not all objects have some.
    #expect(after == before)
  }

  @Test(arguments: 40..<60 as Range<UInt64>)
  func `from COCO by way of YOLO text, number by number`(seed: UInt64) throws {
    let folder = try Folder()
    try pictures(folder)
    try folder.write("in.json", Self.coco(seed, plain: true))
    #expect(try folder.convert("in.json", "rows") { $0.format = .yolo } == [])
    #expect(try folder.convert("rows", "out.json") == [])
    let (before, after) = (try folder.sets("in.json")[0].set, try folder.sets("out.json")[0].set)
    #expect(after.categories.map(\.keypointNames) == before.categories.map(\.keypointNames))
    #expect(after.categories.map(\.limbs) == before.categories.map(\.limbs))
    let sorted = before.images.sorted { $0.name < $1.name }
    #expect(after.images.map(\.name) == sorted.map(\.name))
    for (one, other) in zip(after.images, sorted) {
      #expect(one.objects.map(\.box) == other.objects.map(\.box))
      #expect(one.objects.map(\.keypoints) == other.objects.map(\.keypoints))
    }
  }

  /// Rows with so many decimals, of which the last is no zero.
  private static func rows(_ dice: inout Dice, digits: Int) -> String {
    (0..<(1 + dice.below(4))).map { _ in
      func share(_ range: Range<Double>) -> String {
        let text = dice.decimal(range, digits)
        return text.hasSuffix("0") ? String(text.dropLast()) + "3" : text
      }
      var fields = [
        "\(dice.below(2))", share(0.3..<0.7), share(0.3..<0.7), share(0.1..<0.5), share(0.1..<0.5),
      ]
      for _ in 0..<3 {
        let visibility = dice.below(3)
        fields += visibility == 0 ? ["0", "0", "0"] : [share(0.1..<0.9), share(0.1..<0.9), "\(visibility)"]
      }
      return fields.joined(separator: " ") + "\n"
    }.joined()
  }

  @Test(arguments: [4, 6, 8, 10], ["cvat.xml", "coco.json", "labelme"])
  func `from YOLO text by way of any form, letter by letter`(digits: Int, way: String) throws {
    let folder = try Folder()
    var dice = Dice(UInt64(digits))
    var texts: [String: String] = [:]
    for (index, size) in Self.sizes.enumerated() {
      try folder.picture("in/images/train/deep/\(index).png", width: size.width, height: size.height)
      let text = Self.rows(&dice, digits: digits)
      texts["deep/\(index).txt"] = text
      try folder.write("in/labels/train/deep/\(index).txt", text)
    }
    try folder.write(
      "in/data.yaml",
      "train: images/train\nnames: [fox, hen]\nkpt_shape: [3, 3]\nkpt_names: [nose, left_ear, right_ear]\nskeleton: [[0, 1], [0, 2]]\n"
    )
    let pictures = folder.path + "/in/images/train"
    #expect(try folder.convert("in", way) { $0.format = way == "labelme" ? .labelme : nil } == [])
    let losses = try folder.convert(way, "out") {
      $0.format = .yolo
      $0.folders = [pictures]
    }
    #expect(losses == [])
    for (name, text) in texts { #expect(try folder.text("out/labels/train/" + name) == text, "\(name)") }
    #expect(
      try folder.text("out/data.yaml")
        == "train: images/train\nnames: [fox, hen]\nkpt_shape: [3, 3]\nkpt_names: [nose, left_ear, right_ear]\n"
        + "skeleton: [[0, 1], [0, 2]]\n")
    // The pictures are there, as links.
    let link = folder.path + "/out/images/train/deep/0.png"
    #expect(
      FileManager.default.contents(atPath: link)
        == FileManager.default.contents(atPath: pictures + "/deep/0.png"))
  }

  @Test func `in every split of a data set`() throws {
    let folder = try Folder()
    for split in ["train", "val"] {
      try folder.picture("in/images/\(split)/\(split).png", width: 40, height: 20)
      try folder.write("in/labels/\(split)/\(split).txt", "0 0.5 0.5 0.25 0.5 0.5 0.5 2\n")
    }
    try folder.write(
      "in/data.yaml", "train: images/train\nval: images/val\nnames: [fox]\nkpt_shape: [1, 3]\n")
    try folder.convert("in", "shapes") { $0.format = .labelme }
    try folder.convert("shapes", "out") { $0.format = .yolo }
    #expect(try folder.text("out/labels/val/val.txt") == "0 0.5 0.5 0.25 0.5 0.5 0.5 2\n")
    #expect(
      folder.message("in", "one.json")
        == "in: error: has several splits ('train', 'val'), and the output is one file; choose with --split")
    try folder.convert("in", "val.json") { $0.split = .val }
    #expect(try folder.sets("val.json")[0].set.images.map(\.name) == ["val.png"])
  }
}
