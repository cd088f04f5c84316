import Foundation
import Interchange
import Testing

/// A file image: length, header text, data.
private func image(_ header: String, data: [UInt8] = []) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + data
}

private func problem(_ header: String, data: [UInt8] = []) -> SafetensorsError.Problem? {
  do {
    _ = try SafetensorsFile(bytes: image(header, data: data), name: "t")
    return nil
  } catch {
    return error.problem
  }
}

private func sample() -> SafetensorsWriter {
  var writer = SafetensorsWriter(metadata: ["format": "pt", "a \"quoted\"\n\u{1}": "ünï\\code 🕺"])
  writer.add("layer.weight", shape: [2, 3], floats: [1, -2.5, 3e-38, .infinity, 0, 7])
  writer.add("steps", shape: [], ints: [-9_000_000_000])
  writer.add("exact", shape: [2], doubles: [0.1, -1e300])
  writer.add("half", type: .f16, shape: [2], bytes: [0x00, 0x3C, 0x00, 0xC1])
  writer.add("brain", type: .bf16, shape: [1], bytes: [0x49, 0x40])
  writer.add("mask", type: .bool, shape: [3], bytes: [1, 0, 1])
  writer.add("tiny", type: .i8, shape: [2], bytes: [0xFF, 5])
  writer.add("short", type: .i16, shape: [1], bytes: [0xFE, 0xFF])
  writer.add("word", type: .i32, shape: [1], bytes: [0xFD, 0xFF, 0xFF, 0xFF])
  writer.add("empty", shape: [0, 4], floats: [])
  return writer
}

@Suite struct `Safetensors files` {
  @Test func `give back what was written`() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.appending(path: "weights.safetensors").path
    try Data("old".utf8).write(to: URL(filePath: path))
    try sample().write(to: path)

    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == ["format": "pt", "a \"quoted\"\n\u{1}": "ünï\\code 🕺"])
    #expect(
      file.names == [
        "exact", "steps", "empty", "layer.weight", "word", "brain", "half", "short", "mask", "tiny",
      ])
    #expect(try file.floats(named: "layer.weight").shape == [2, 3])
    #expect(try file.floats(named: "layer.weight").values == [1, -2.5, 3e-38, .infinity, 0, 7])
    #expect(try file.ints(named: "steps").values == [-9_000_000_000])
    #expect(try file.ints(named: "steps").shape == [])
    #expect(try file.doubles(named: "exact").values == [0.1, -1e300])
    #expect(try file.floats(named: "exact").values == [0.1, -.infinity])
    #expect(try file.floats(named: "half").values == [1, -2.5])
    #expect(try file.floats(named: "brain").values == [3.140625])
    #expect(try file.ints(named: "mask").values == [1, 0, 1])
    #expect(try file.ints(named: "tiny").values == [-1, 5])
    #expect(try file.ints(named: "short").values == [-2])
    #expect(try file.ints(named: "word").values == [-3])
    #expect(try file.floats(named: "empty").values == [])
    #expect(try file.tensor(named: "mask").bytes == [1, 0, 1])
    #expect(try Data(sample().bytes()) == Data(contentsOf: URL(filePath: path)))
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["weights.safetensors"])
  }

  @Test func `of the Python package are read`() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/interchange/python.safetensors").path
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == ["format": "pt", "note": "Ünïcode\t\"quoted\""])
    #expect(try file.doubles(named: "f64").values == [0.1, -2.5e300])
    #expect(
      try file.floats(named: "f32").values.map(\.bitPattern) == [0x3FC0_0000, 0x7FC0_0000, 0x8000_0000])
    #expect(try file.floats(named: "f16") == ([2, 1], [65504, 5.9604645e-08]))
    #expect(try file.floats(named: "bf16").values == [3.140625, Float(bitPattern: 0xFE96_0000)])
    #expect(try file.ints(named: "i64") == ([], [Int.min]))
    #expect(try file.ints(named: "i32").values == [-7, 8])
    #expect(try file.ints(named: "i16").values == [-300])
    #expect(try file.ints(named: "i8").values == [-128, 127])
    #expect(try file.ints(named: "u8") == ([1, 3], [0, 255, 7]))
    #expect(try file.ints(named: "bool").values == [1, 0])
    #expect(try file.floats(named: "näme \"q\"\n") == ([2, 0, 3], []))
  }

  @Test func `align the data to eight bytes and do not depend on the order of adding`() throws {
    var a = SafetensorsWriter()
    a.add("x", shape: [1], floats: [1])
    a.add("y", shape: [1], ints: [2])
    var b = SafetensorsWriter()
    b.add("y", shape: [1], ints: [2])
    b.add("x", shape: [1], floats: [1])
    let bytes = try a.bytes()
    #expect(try bytes == b.bytes())
    #expect(bytes[0] % 8 == 0)
  }

  @Test func `accept what other writers produce`() throws {
    let header =
      #" {"b":{"shape":[1],"data_offsets":[4,8],"dtype":"F32"},"a":{"dtype":"U8","#
      + #""shape":[4],"data_offsets":[0,4]},"\u0065\ud83d\ude00":{"dtype":"I8","shape":[0],"data_offsets":[8,8]}}  "#
    let file = try SafetensorsFile(
      bytes: image(String(header.dropFirst()), data: [1, 2, 3, 4, 0, 0, 0x80, 0x3F]), name: "t")
    #expect(file.names == ["a", "b", "e😀"])
    #expect(try file.floats(named: "b").values == [1])
    #expect(try SafetensorsFile(bytes: image("{}"), name: "t").names == [])
  }

  @Test func `are refused when cut at any byte or longer than they say`() throws {
    let whole = try sample().bytes()
    for length in 0..<whole.count {
      #expect(throws: SafetensorsError.self) {
        try SafetensorsFile(bytes: Array(whole[..<length]), name: "t")
      }
    }
    let error = #expect(throws: SafetensorsError.self) {
      try SafetensorsFile(bytes: whole + [0], name: "model.safetensors")
    }
    #expect(error?.description == "model.safetensors: 1 bytes after the last tensor")
  }

  @Test func `are refused when their tensors overlap, leave holes or contradict their shapes`() {
    func two(_ a: String, _ b: String, shape: String = "[4]") -> String {
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":\#(a)},"b":{"dtype":"U8","shape":\#(shape),"data_offsets":\#(b)}}"#
    }
    let data = [UInt8](repeating: 0, count: 8)
    #expect(problem(two("[0,4]", "[4,8]"), data: data) == nil)
    #expect(problem(two("[0,4]", "[3,7]"), data: data) == .overlap(with: "a"))
    #expect(problem(two("[0,4]", "[0,4]"), data: data) == .overlap(with: "a"))
    #expect(problem(two("[0,4]", "[5,9]"), data: data + [0]) == .hole(bytes: 1))
    #expect(problem(two("[1,5]", "[5,9]"), data: data + [0]) == .hole(bytes: 1))
    #expect(
      problem(two("[0,4]", "[4,8]", shape: "[5]"), data: data) == .sizeMismatch(expected: 5, begin: 4, end: 8)
    )
    #expect(problem(two("[0,4]", "[4,8]"), data: Array(data[..<7])) == .truncated(needed: 8, available: 7))
    let huge = "[4294967296,4294967296]"
    #expect(
      problem(two("[0,4]", "[4,8]", shape: huge), data: data)
        == .sizeOverflow(shape: [4_294_967_296, 4_294_967_296]))
    #expect(problem(two("[0,4]", "[4,8]", shape: "[99999999999999999999]"), data: data) != nil)
  }

  @Test(arguments: [
    #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
    #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
    #"{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
    #"{"__metadata__":{"k":"1","k":"2"}}"#,
    #"{"__metadata__":{},"__metadata__":{}}"#,
  ])
  func `are refused with duplicate keys`(header: String) throws {
    guard case .duplicateKey = problem(header) else {
      Issue.record("not refused as a duplicate key: \(String(describing: problem(header)))")
      return
    }
  }

  @Test(arguments: [
    "", "{", "[]", " {}", "{}x", "{} {}", "{,}", #"{"a"}"#, #"{"a":1}"#, #"{"a":{}}"#,
    #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}}"#,
    #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[1,0]}}"#,
    #"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}}"#,
    #"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#,
    #"{"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}}"#,
    #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"extra":1}}"#,
    #"{"a":{"dtype":"U8","shape":[0,],"data_offsets":[0,0]}}"#,
    #"{"__metadata__":{"k":1}}"#, "{\"__metadata__\":{\"k\":\"\u{1}\"}}", #"{"__metadata__":{"k":"\ud800"}}"#,
    #"{"__metadata__":{"k":"\q"}}"#, #"{"__metadata__":{"k":"unended}}"#,
  ])
  func `are refused with a malformed header`(header: String) {
    guard case .malformedHeader = problem(header) else {
      Issue.record("not refused as malformed: \(String(describing: problem(header)))")
      return
    }
  }

  @Test func `name the file, the tensor and the fault`() throws {
    let file = try SafetensorsFile(bytes: sample().bytes(), name: "run/last.safetensors")
    let missing = #expect(throws: SafetensorsError.self) { try file.floats(named: "bias") }
    #expect(missing?.description == "run/last.safetensors: tensor 'bias': not in the file")
    let wrong = #expect(throws: SafetensorsError.self) { try file.floats(named: "mask") }
    #expect(
      wrong?.description == "run/last.safetensors: tensor 'mask': holds BOOL elements, not real numbers")
    #expect(throws: SafetensorsError.self) { try file.ints(named: "half") }
    let type = problem(#"{"a":{"dtype":"F8_E5M2","shape":[0],"data_offsets":[0,0]}}"#)
    #expect(type == .unsupportedType("F8_E5M2"))
    let long = #expect(throws: SafetensorsError.self) {
      try SafetensorsFile(bytes: [0, 0, 0, 0, 0, 0, 0, 0x80], name: "t")
    }
    #expect(long?.problem == .headerTooLarge(1 << 63))
    let absent = #expect(throws: SafetensorsError.self) {
      try SafetensorsFile(path: "/nowhere/w.safetensors")
    }
    #expect(absent?.description == "/nowhere/w.safetensors: cannot open this file: No such file or directory")
    let folder = #expect(throws: SafetensorsError.self) {
      try SafetensorsFile(path: FileManager.default.temporaryDirectory.path)
    }
    #expect(folder?.description.hasSuffix("cannot open this file: Is a directory") == true)
  }

  @Test func `survive any flipped byte without a crash`() throws {
    let whole = try sample().bytes()
    for index in whole.indices {
      for bit in [0, 3, 6] {
        var damaged = whole
        damaged[index] ^= 1 << bit
        guard let file = try? SafetensorsFile(bytes: damaged, name: "t") else { continue }
        for name in file.names { _ = try file.tensor(named: name) }
      }
    }
  }

  @Test func `are not replaced when a producer fails or gives too little`() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("old".utf8).write(to: URL(filePath: path))
    var writer = SafetensorsWriter()
    writer.add("x", type: .u8, shape: [4]) { sink in
      try [1, 2, 3].withUnsafeBytes { try sink(.init(rebasing: $0[..<3])) }
    }
    let error = #expect(throws: SafetensorsError.self) { try writer.write(to: path) }
    #expect(error?.problem == .wrongByteCount(expected: 4, found: 3))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
  }
}
