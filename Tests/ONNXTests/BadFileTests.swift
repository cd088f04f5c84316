import Foundation
import ONNX
import ONNXProto
import PoseCore
import PoseLab
import Testing

/// Files that are damaged, or mean harm.
@Suite struct `A bad ONNX file` {
  private func reason(_ bytes: [UInt8]) -> String {
    do {
      _ = try ONNXFile(bytes: bytes, name: "bad.onnx")
      return "none"
    } catch { return "\(error)" }
  }

  private func reason(_ change: (inout Onnx_ModelProto) -> Void) throws -> String {
    var model = HostileGraph.model
    change(&model)
    return reason(try model.serializedBytes())
  }

  private static let good: [UInt8] = {
    guard let network = try? Setup.network(Setup.small) else { return [] }
    return
      (try? ONNXExporter(network.model, store: network.store).export(
        ONNXExportOptions(height: 32, width: 32)
      ).bytes()) ?? []
  }()

  @Test func `is told from a good one`() throws {
    #expect(reason(Self.good) == "none")
    #expect(try reason { _ in } == "none")
  }

  @Test func `is refused wherever it is cut off`() {
    let good = Self.good
    for step in 0..<200 {
      let end = good.count * step / 200
      #expect(reason(Array(good[..<end])).hasPrefix("bad.onnx: is "), "\(end) of \(good.count) bytes")
    }
    #expect(reason(Array(good.dropLast())) == "bad.onnx: is no ONNX model, or cut off")
    #expect(reason([]) == "bad.onnx: is empty")
  }

  @Test func `never stops the program with flipped bits`() {
    var generator = RandomStreamBits()
    var refused = 0
    for _ in 0..<2000 {
      var bytes = Self.good
      // The operators come first, where most can go wrong.
      let place = generator.next(below: min(bytes.count, 60_000))
      bytes[place] ^= 1 << UInt8(generator.next(below: 8))
      if reason(bytes) != "none" { refused += 1 }
    }
    #expect(refused > 200)
  }

  @Test func `is refused with operators in a circle`() throws {
    let message = try reason { model in
      model.graph.node = [
        HostileGraph.node("Add", ["images", "b"], "a"), HostileGraph.node("Relu", ["a"], "b"),
        HostileGraph.node("Relu", ["b"], "output0"),
      ]
    }
    #expect(
      message
        == "bad.onnx: has an operator 'a' (Add) that uses 'b' before it is made: its operators form a cycle, or are"
        + " out of order")
    let itself = try reason { $0.graph.node[0].input = ["output0"] }
    #expect(itself.contains("form a cycle"))
  }

  @Test func `is refused with values that come from nowhere, or twice`() throws {
    #expect(
      try reason { $0.graph.node[0].input = ["elsewhere"] }.contains("'elsewhere', which nothing makes"))
    #expect(try reason { $0.graph.node.append($0.graph.node[0]) } == "bad.onnx: makes 'output0' twice")
    #expect(
      try reason { $0.graph.output[0].name = "other" } == "bad.onnx: gives out 'other', which nothing makes")
  }

  @Test(arguments: ["../../etc/passwd", "/etc/passwd", "weights.bin"])
  func `is refused where its numbers are in another file`(place: String) throws {
    func outside(_ tensor: inout Onnx_TensorProto) {
      var entry = Onnx_StringStringEntryProto()
      entry.key = "location"
      entry.value = place
      tensor.externalData = [entry]
      tensor.dataLocation = .external
    }
    let expected =
      "bad.onnx: keeps the tensor 'weights' outside of itself, in '\(place)'; such files are not followed: save it"
      + " again as one file"
    let initializer = try reason { model in
      var tensor = HostileGraph.tensor([2, 2])
      outside(&tensor)
      model.graph.initializer = [tensor]
    }
    #expect(initializer == expected)
    // In an operator's setting, in a branch of a graph.
    let branch = try reason { model in
      var tensor = HostileGraph.tensor([2, 2])
      outside(&tensor)
      var value = Onnx_AttributeProto()
      value.name = "value"
      value.type = .tensor
      value.t = tensor
      var constant = HostileGraph.node("Constant", [], "inner")
      constant.attribute = [value]
      var then = Onnx_AttributeProto()
      then.name = "then_branch"
      then.type = .graph
      then.g.node = [constant]
      model.graph.node[0].attribute = [then]
    }
    #expect(branch == expected)
  }

  @Test func `is refused with tensors larger than what is stored of them`() throws {
    #expect(
      try reason { $0.graph.initializer = [HostileGraph.tensor([1 << 40, 1 << 40])] }
        == "bad.onnx: gives the tensor 'weights' an impossible shape")
    #expect(
      try reason { $0.graph.initializer = [HostileGraph.tensor([1 << 40])] }
        == "bad.onnx: lacks numbers of the tensor 'weights' of shape [1099511627776]")
    #expect(
      try reason { $0.graph.initializer = [HostileGraph.tensor([-3])] }
        == "bad.onnx: gives the tensor 'weights' an impossible shape")
    let input = try reason {
      $0.graph.input[0].type.tensorType.shape.dim[2].dimValue = .max
    }
    #expect(input == "bad.onnx: gives 'images' an axis of 9223372036854775807")
  }

  @Test func `is refused with a structure beyond all measure`() throws {
    // Two bytes each, so that memory would be many times the file.
    let nodes = [UInt8](repeating: 0, count: 9 << 20).enumerated().map { place, _ in
      place % 2 == 0 ? UInt8(0x0A) : 0
    }
    var bytes: [UInt8] = [0x3A]
    var length = nodes.count
    while length >= 128 {
      bytes.append(UInt8(length & 127) | 128)
      length >>= 7
    }
    bytes.append(UInt8(length))
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(
        reason(bytes + nodes).contains("bytes besides the numbers of its tensors; the limit is 8388608"))
    }
    #expect(time < .seconds(5))
  }

  @Test func `is refused with graphs in graphs without end`() throws {
    var inner = Onnx_GraphProto()
    for _ in 0..<20 {
      var attribute = Onnx_AttributeProto()
      attribute.name = "body"
      attribute.type = .graph
      attribute.g = inner
      var node = HostileGraph.node("Loop", [], "x")
      node.attribute = [attribute]
      inner = Onnx_GraphProto()
      inner.node = [node]
    }
    let message = try reason { $0.graph.node = inner.node + $0.graph.node }
    #expect(message.contains("graphs in graphs") || message.contains("damaged"), "\(message)")
  }

  @Test func `is refused where it needs what is not ONNX`() throws {
    let domain = try reason { model in
      var entry = Onnx_OperatorSetIdProto()
      entry.domain = "evil.ops"
      entry.version = 1
      model.opsetImport.append(entry)
    }
    #expect(domain == "bad.onnx: needs operators of the domain 'evil.ops', which is not known")
    #expect(
      try reason { $0.irVersion = 99 } == "bad.onnx: is of format version 99, which is not known")
    #expect(try reason { $0.graph.input[0].type.tensorType.elemType = 10 }.contains("than float32"))
    #expect(
      try reason { $0.graph.input.append(HostileGraph.port("more", [1])) }.contains("takes 2 inputs"))
  }

  /// Inputs that a fuzzer found worth keeping; see Tests/Fuzzing.
  @Test func `is refused or read, whatever it is`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/fuzz/onnx")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(files.count > 10)
    for file in files { _ = reason([UInt8](try Data(contentsOf: file))) }
  }
}

/// A small generator of its own, so that a failure can be had again.
private struct RandomStreamBits {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}
