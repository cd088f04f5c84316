import Annotations
import Foundation
import Testing

@Suite struct `Hostile annotation files` {
  private static let cvat =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n<image id=\"0\" name=\"a.jpg\" width=\"10\" height=\"20\">\n"
    + "<box label=\"dog\" xtl=\"1\" ytl=\"2\" xbr=\"3\" ybr=\"4\"></box>\n</image>\n</annotations>\n"
  private static let labelme =
    "{\"imagePath\": \"a.jpg\", \"imageHeight\": 20, \"imageWidth\": 10, \"shapes\": [\n"
    + "{\"label\": \"dog\", \"points\": [[1, 2], [3, 4]], \"group_id\": 1, \"shape_type\": \"rectangle\", \"flags\": {}}]}"
  private static let coco =
    "{\"images\": [{\"id\": 1, \"file_name\": \"a.jpg\", \"width\": 10, \"height\": 20}], \"categories\": [{\"id\": 1, \"name\": \"dog\"}],"
    + "\n\"annotations\": [{\"id\": 1, \"image_id\": 1, \"category_id\": 1, \"area\": 4, \"iscrowd\": 0, \"bbox\": [1, 2, 2, 2]}]}"

  @Test(arguments: ["in.xml", "shapes/in.json", "in.json"])
  func `that are cut off anywhere are refused by name, and nothing is written`(name: String) throws {
    let whole = name == "in.xml" ? Self.cvat : name == "in.json" ? Self.coco : Self.labelme
    let folder = try Folder()
    try folder.write(name, whole)
    let input = name == "shapes/in.json" ? "shapes" : name
    #expect(folder.message(input) == "nothing was thrown (and wrote out.json)")
    try FileManager.default.removeItem(atPath: folder.path + "/out.json")
    let end = whole.utf8.count - 2
    for length in stride(from: 0, to: end, by: 7) {
      try folder.write(name, String(decoding: whole.utf8.prefix(length), as: UTF8.self))
      let message = folder.message(input)
      #expect(message.contains("error:") && !message.contains("wrote"), "\(length): \(message)")
      #expect(message.contains(input), "\(length): \(message)")
    }
  }

  /// Inputs that a fuzzer found worth keeping; see Tests/Fuzzing.
  @Test(arguments: [("cvat", "in.xml"), ("labelme", "shapes/in.json")])
  func `that a fuzzer found are refused or read`(reader: String, name: String) throws {
    let kept = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/fuzz/" + reader)
    let files = try FileManager.default.contentsOfDirectory(at: kept, includingPropertiesForKeys: nil)
    #expect(files.count > 10)
    for file in files {
      let folder = try Folder()
      try folder.write(name, "")
      try Foundation.Data(contentsOf: file).write(to: URL(filePath: folder.path + "/" + name))
      let message = folder.message(name == "in.xml" ? name : "shapes")
      #expect(message.contains("error:") || message.hasPrefix("nothing was thrown"), "\(message)")
    }
  }

  @Test(arguments: ["in.xml", "shapes/in.json", "in.json"])
  func `with other bytes in them never crash`(name: String) throws {
    let whole = Array((name == "in.xml" ? Self.cvat : name == "in.json" ? Self.coco : Self.labelme).utf8)
    let folder = try Folder()
    let input = name == "shapes/in.json" ? "shapes" : name
    try folder.write(name, "")
    var dice = Dice(5)
    for _ in 0..<150 {
      var bytes = whole
      for _ in 0...dice.below(3) {
        switch dice.below(3) {
        case 0: bytes[dice.below(bytes.count)] = UInt8(truncatingIfNeeded: dice.next())
        case 1: bytes.insert(contentsOf: Array("9e99,-1,<\"{[".utf8), at: dice.below(bytes.count))
        default:
          bytes.removeSubrange(dice.below(bytes.count / 2)..<(bytes.count / 2 + dice.below(bytes.count / 2)))
        }
      }
      try Foundation.Data(bytes).write(to: URL(filePath: folder.path + "/" + name))
      let message = folder.message(input)
      if message.hasPrefix("nothing was thrown") {
        try FileManager.default.removeItem(atPath: folder.path + "/out.json")
      }
    }
  }

  @Test(arguments: [
    (
      "<!DOCTYPE lolz [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>",
      "in.xml:2: error: declarations such as <!DOCTYPE and <!ENTITY are refused"
    ),
    (
      "<annotations><image id=\"0\" name=\"&boom;\"/></annotations>",
      "in.xml:2: error: the entity '&boom;' is not known"
    ),
    ("<dataset/>", "in.xml:2: error: the file begins with 'dataset', not 'annotations'"),
    (
      "<annotations><track id=\"0\"/></annotations>", "in.xml:2: track: error: this is CVAT's form for videos"
    ),
    (
      "<annotations><image name=\"../../etc/passwd\" width=\"1\" height=\"1\"/></annotations>",
      "in.xml:2: image: error: the image's name '../../etc/passwd' leads out of its folder"
    ),
    (
      "<annotations><image name=\"a\" width=\"1\" height=\"99999999999999999999\"/></annotations>",
      "in.xml:2: image: error: height must be a number of pixels, but is '99999999999999999999'"
    ),
    (
      "<annotations><image name=\"a\" width=\"9\" height=\"9\">\n<box label=\"d\" xtl=\"nan\" ytl=\"1\" xbr=\"2\" ybr=\"3\"/></image></annotations>",
      "in.xml:3: box: error: xtl must be a number, but is 'nan'"
    ),
    (
      "<annotations><image name=\"a\" width=\"9\" height=\"9\"><skeleton label=\"d\"><points label=\"n\" points=\"1,2\"/><points label=\"n\" points=\"1,2\"/></skeleton></image></annotations>",
      "in.xml:2: image 'a': error: an object has the keypoint 'n' twice"
    ),
  ])
  func `of CVAT are refused with their line`(body: String, said: String) throws {
    let folder = try Folder()
    try folder.write("in.xml", "<?xml version=\"1.0\"?>\n" + body)
    let message = folder.message("in.xml")
    #expect(message.hasPrefix(said) && !message.contains("wrote"), "\(message)")
  }

  @Test func `of CVAT that are deep or in other letters are refused`() throws {
    let folder = try Folder()
    try folder.write("in.xml", "<annotations>" + String(repeating: "<a>", count: 100_000))
    #expect(folder.message("in.xml").hasPrefix("in.xml:1: error: the elements are nested too deeply"))
    try folder.write("in.xml", "<?xml version=\"1.0\" encoding=\"utf-7\"?><annotations/>")
    #expect(folder.message("in.xml").hasPrefix("in.xml:1: error: the encoding 'utf-7' is not read"))
    try Foundation.Data(Array("<annotations/>".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }).write(
      to: URL(filePath: folder.path + "/in.xml"))
    #expect(folder.message("in.xml").hasPrefix("in.xml:1: error: "))
  }

  @Test(arguments: [
    ("{\"shapes\": 3}", "shapes/in.json: shapes: error: must be another kind of value"),
    ("{\"shapes\": [{\"label\": \"dog\"}]}", "shapes/in.json: shapes[0].points: error: is missing"),
    (
      "{\"shapes\": [{\"label\": 7, \"points\": []}]}", "shapes/in.json: shapes[0].label: error: must be text"
    ),
    (
      "{\"imageWidth\": 9, \"imageHeight\": 9, \"shapes\": [{\"label\": \"d\", \"points\": [[1, 2]], \"shape_type\": \"rectangle\"}]}",
      "shapes/in.json: shapes[0].points: error: a rectangle has two corners"
    ),
    (
      "{\"imageWidth\": -9, \"imageHeight\": 9, \"shapes\": []}",
      "shapes/in.json: imageWidth: error: -9x9 is no size of a picture"
    ),
    ("{\"shapes\": " + String(repeating: "[", count: 100_000), "shapes/in.json: error: is nested too deeply"),
    (
      "{\"imageWidth\": 9, \"imageHeight\": 9, \"categories\": [{\"name\": \"d\", \"keypoints\": [\"n\"], \"limbs\": [[0, 4]]}], \"shapes\": []}",
      "shapes/in.json: categories: error: a limb of 'd' joins keypoints that are not there"
    ),
  ])
  func `of Labelme are refused with their place`(text: String, said: String) throws {
    let folder = try Folder()
    try folder.write("shapes/in.json", text)
    let message = folder.message("shapes")
    #expect(message.hasPrefix(said) && !message.contains("wrote"), "\(message)")
  }

  @Test(arguments: [
    (
      "\"file_name\": \"a.jpg\"", "\"file_name\": \"/etc/x.jpg\"",
      "images[0].file_name: error: the image's name '/etc/x.jpg' leads out"
    ),
    (
      "\"file_name\": \"a.jpg\"", "\"file_name\": \"b/../../x.jpg\"",
      "images[0].file_name: error: the image's name 'b/../../x.jpg' leads out"
    ),
    (
      "\"image_id\": 1", "\"image_id\": 4",
      "annotations[0].image_id: error: is 4, an image that this file does not list"
    ),
    ("\"category_id\": 1", "\"category_id\": 2", "annotations[0].category_id: error: is 2, a category"),
    (
      "\"bbox\"", "\"keypoints\": [1, 2, 7], \"bbox\"",
      "annotations[0].keypoints: error: keypoint 0 has the visibility 7"
    ),
  ])
  func `of COCO are refused with their place`(part: String, other: String, said: String) throws {
    let folder = try Folder()
    try folder.write("in.json", Self.coco.replacing(part, with: other))
    let message = folder.message("in.json")
    #expect(
      message.contains(said) && message.hasPrefix("in.json: ") && !message.contains("wrote"), "\(message)")
  }

  @Test func `of YOLO text are refused with their line, and nothing is left`() throws {
    let folder = try Folder()
    try folder.picture("in/images/train/a.png", width: 10, height: 20)
    try folder.write("in/data.yaml", "train: images/train\nnames: [dog]\nkpt_shape: [1, 3]\n")
    try folder.write("in/labels/train/a.txt", "0 0.5 0.5 0.1 0.1 0.5 0.5 2\n0 0.5 0.5 0.1 0.1 0.5 7 2\n")
    let message = folder.message("in")
    #expect(message.contains("in/labels/train/a.txt:2:23: error: keypoint 0 y must lie within 0…1, but is 7"))
    #expect(!message.contains("wrote"))
    // A fault that only shows when writing.
    try folder.write("in/labels/train/a.txt", "")
    try folder.write(
      "two.json",
      Self.coco.replacing(
        "\"name\": \"dog\"}",
        with:
          "\"name\": \"dog\", \"keypoints\": [\"a\"]}, {\"id\": 2, \"name\": \"cat\", \"keypoints\": [\"b\"]}"
      ))
    #expect(throws: AnnotationError.self) { try folder.convert("two.json", "out") { $0.format = .yolo } }
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(left == ["in", "two.json"])
  }
}
