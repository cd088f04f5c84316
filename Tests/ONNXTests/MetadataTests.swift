import ONNX
import PoseCore
import Testing

/// The entries by which exported models say what they are.
@Suite struct `Metadata of exported models` {
  private func metadata(_ skeleton: Skeleton) -> ONNXMetadata {
    ONNXMetadata(
      summary: "a model", date: "2026-01-02T03:04:05Z", version: "1", stride: 32, head: "Pose", batch: 2,
      height: 128, width: 160, classNames: ["fox", "dog's \"friend\" \\"], skeleton: skeleton,
      isEndToEnd: false, arguments: [("nms", "True")])
  }

  private func read(_ entries: [(key: String, value: String)], channels: Int? = nil) throws -> ONNXMetadata {
    try ONNXMetadata(
      entries: Dictionary(entries.map { ($0.key, $0.value) }) { $1 }, path: "m.onnx", outputChannels: channels
    )
  }

  @Test func `come back as they were`() throws {
    let own = Skeleton(
      keypointCount: 3, dimensions: 2, names: ["nose", "tail\n", "naïve"], flipIndices: [0, 2, 1],
      limbs: [(0, 1), (1, 2)], sigmas: [0.026, 0.1, 1e-3], sigmaSource: .dataset)
    for skeleton in [own, .cocoPerson] {
      let written = metadata(skeleton)
      let found = try read(written.entries)
      #expect(found == written)
      #expect(found.skeleton == skeleton)
    }
  }

  @Test func `have the keys of the YOLO tools, in their order and writing`() {
    let entries = metadata(.cocoPerson).entries
    #expect(
      entries.map(\.key).prefix(17) == [
        "description", "author", "date", "version", "license", "docs", "stride", "task", "head", "batch",
        "imgsz", "names", "args", "channels", "end2end", "kpt_shape", "kpt_names",
      ])
    func value(_ key: String) -> String? { entries.first { $0.key == key }?.value }
    #expect(value("imgsz") == "[128, 160]" && value("kpt_shape") == "[17, 3]")
    #expect(value("names") == #"{0: 'fox', 1: 'dog\'s "friend" \\'}"#)
    #expect(value("args") == "{'nms': True}" && value("end2end") == "False")
  }

  @Test func `of the YOLO tools are understood`() throws {
    let found = try read([
      ("description", "Ultralytics YOLO11p-pose model"), ("stride", "32"), ("task", "pose"),
      ("batch", "1"), ("imgsz", "[128, 160]"), ("names", "{0: 'person'}"),
      ("args", "{'data': None, 'fraction': 1.0, 'nms': None, 'dynamic': False, 'opset': None}"),
      ("end2end", "False"), ("kpt_shape", "[17, 3]"), ("kpt_shape", "(17, 3)"),
    ])
    #expect(found.skeleton == .cocoPerson && found.classNames == ["person"])
    #expect(found.height == 128 && found.width == 160 && !found.isEndToEnd)
  }

  @Test func `may be missing for people of COCO alone`() throws {
    #expect(try read([], channels: 56).skeleton == .cocoPerson)
    let error = #expect(throws: ONNXFileError.self) { try read([], channels: 84) }
    #expect(error?.description.contains("no metadata entry 'kpt_shape' like [17, 3]") == true)
  }

  @Test(arguments: [
    ("task", "detect", "holds a model for the task 'detect', not for poses"),
    ("kpt_shape", "[17, 4]", "does not say how many keypoints"),
    ("kpt_shape", "[999999999, 3]", "does not say how many keypoints"),
    ("kpt_shape", "__import__('os').system('x')", "does not say how many keypoints"),
    ("names", "{99999999: 'x'}", "does not say which classes"),
    ("names", "{0: ", "does not say which classes"),
    ("stride", "0", "gives a stride of 0"),
  ])
  func `that cannot be are refused`(key: String, value: String, message: String) {
    var entries = metadata(.cocoPerson).entries
    entries.append((key, value))
    let error = #expect(throws: ONNXFileError.self) { try read(entries) }
    #expect(error?.description.contains(message) == true)
  }

  @Test(arguments: [
    ("None", PythonLiteral.none), ("True", .bool(true)), ("-12", .int(-12)), ("1.5e-3", .float(0.0015)),
    ("'a\\'b\\n\\x41\\u00e4'", .string("a'b\nAä")), ("(1, 2,)", .list([.int(1), .int(2)])),
    (
      "{'a': [1], 2: None}",
      .dictionary([
        .init(key: .string("a"), value: .list([.int(1)])),
        .init(key: .int(2), value: PythonLiteral.none),
      ])
    ),
  ])
  func `are read as Python writes them`(text: String, value: PythonLiteral) {
    #expect(PythonLiteral(text) == value)
    #expect(PythonLiteral(value.text) == value)
  }

  @Test(arguments: ["", "[", "[1", "{1}", "'a", "f(x)", "1 + 1", "[[[[[[[[[[[]]]]]]]]]]]", "'\\x'", "[1] 2"])
  func `are nothing else`(text: String) { #expect(PythonLiteral(text) == nil) }
}
