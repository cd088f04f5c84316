import Foundation
import Layers
import ONNX
import ONNXProto
import ONNXRuntime
import PoseCore
import PoseLab
import Tensor
import Testing

/// What is in an exported file, by PoseLab's own reader and the format's messages.
@Suite struct `An exported file` {
  private func export(_ options: ONNXExportOptions, yaml: String = Setup.small) throws -> ONNXModel {
    let network = try Setup.network(yaml)
    return try ONNXExporter(network.model, store: network.store).export(options)
  }

  private func nodes(_ model: ONNXModel) throws -> [Onnx_NodeProto] {
    try Onnx_ModelProto(serializedBytes: model.bytes()).graph.node
  }

  @Test func `has the input and output that deployment code expects`() throws {
    let model = try export(ONNXExportOptions(height: 64, width: 96, batch: 3))
    let file = try ONNXFile(bytes: model.bytes(), name: "model.onnx")
    #expect(file.input == ONNXModel.Port(name: "images", shape: [3, 3, 64, 96].map { .fixed($0) }))
    // Levels of 8 × 12, 4 × 6 and 2 × 3 positions; a box, two classes, five keypoints of three numbers.
    #expect(file.output == ONNXModel.Port(name: "output0", shape: [3, 21, 126].map { .fixed($0) }))
    #expect(file.opset == 18)
  }

  @Test func `leaves batch, height and width free on demand`() throws {
    let model = try export(ONNXExportOptions(isDynamic: true))
    let file = try ONNXFile(bytes: model.bytes(), name: "model.onnx")
    #expect(file.input.shape == [.free("batch"), .fixed(3), .free("height"), .free("width")])
    #expect(file.output.shape == [.free("batch"), .fixed(21), .free("anchors")])
    #expect(file.operators["Range"] == 6)
  }

  @Test func `has rows of boxes where it drops overlapping ones`() throws {
    let model = try export(
      ONNXExportOptions(height: 64, width: 96, suppression: .init(maximumCount: 40)))
    let file = try ONNXFile(bytes: model.bytes(), name: "model.onnx")
    #expect(file.output.shape == [1, 40, 21].map { .fixed($0) })
    #expect(file.operators["NonMaxSuppression"] == 1)
  }

  @Test func `holds folded convolutions and no normalisation`() throws {
    let network = try Setup.network(Setup.small)
    let model = try ONNXExporter(network.model, store: network.store).export(
      ONNXExportOptions(height: 64, width: 96))
    let file = try ONNXFile(bytes: model.bytes(), name: "model.onnx")
    let weights = network.store.states.filter { $0.path.hasSuffix("conv.weight") || $0.shape.count == 4 }
    // The bins of the distances are one of them.
    #expect(file.operators["Conv"] == weights.count)
    #expect(file.operators["BatchNormalization"] == nil)
    #expect(file.operators["Transpose"] == 3, "two of attention, one of the distances")
    let stored = file.tensors.values.filter { $0.count == 4 }.map { $0.reduce(1, *) }.reduce(0, +)
    #expect(stored == weights.map { $0.shape.reduce(1, *) }.reduce(0, +))
  }

  @Test func `gives each convolution its settings`() throws {
    let model = try export(
      ONNXExportOptions(height: 64, width: 64),
      yaml: """
        nc: 1
        kpt_shape: [2, 2]
        backbone:
          - [-1, 1, Conv, {channels: 8, kernel: 5, stride: 2, padding: 4, dilation: 2}]
          - [-1, 1, DWConv, [8, 3, 4]]
        head:
          - [[1], 1, Pose, [nc, kpt_shape]]
        """)
    let nodes = try nodes(model).filter { $0.opType == "Conv" }
    func ints(_ node: Onnx_NodeProto, _ name: String) -> [Int64] {
      node.attribute.first { $0.name == name }?.ints ?? []
    }
    func int(_ node: Onnx_NodeProto, _ name: String) -> Int64? { node.attribute.first { $0.name == name }?.i }
    #expect(ints(nodes[0], "kernel_shape") == [5, 5] && ints(nodes[0], "strides") == [2, 2])
    #expect(ints(nodes[0], "pads") == [4, 4, 4, 4] && ints(nodes[0], "dilations") == [2, 2])
    #expect(int(nodes[0], "group") == 1)
    #expect(int(nodes[1], "group") == 8 && ints(nodes[1], "strides") == [4, 4])
    #expect(nodes[0].name == "model.0/Conv/Conv" && nodes[1].name == "model.1/DWConv/Conv")
  }

  @Test func `is the same for the same model`() throws {
    let options = ONNXExportOptions(height: 64, width: 32)
    #expect(try export(options).bytes() == export(options).bytes())
  }

  @Test(arguments: [(13, 7), (17, 8), (18, 8), (20, 9), (22, 10)])
  func `names its operator set and the format that came with it`(opset: Int, version: Int) throws {
    let model = try export(ONNXExportOptions(height: 64, width: 32, opset: opset))
    let message = try Onnx_ModelProto(serializedBytes: model.bytes())
    #expect(message.irVersion == Int64(version))
    #expect(message.opsetImport.map(\.version) == [Int64(opset)] && message.opsetImport[0].domain == "")
  }

  @Test func `halves its weights in half precision, between single ones`() throws {
    let full = try export(ONNXExportOptions(height: 64, width: 96)).bytes().count
    let model = try export(ONNXExportOptions(height: 64, width: 96, isHalf: true))
    #expect(try model.bytes().count * 100 < full * 65)
    let file = try ONNXFile(bytes: model.bytes(), name: "half.onnx")
    // The pictures once, and the three maps of three levels back.
    #expect(file.operators["Cast"] == 10)
  }

  @Test func `comes whole or not at all`() throws {
    let folder = try TemporaryFolder()
    let model = try export(ONNXExportOptions(height: 32, width: 32))
    let path = folder.file("model.onnx")
    try model.write(to: path)
    #expect(try Data(contentsOf: URL(filePath: path)) == Data(model.bytes()))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.onnx"])
    #expect(throws: (any Error).self) { try model.write(to: folder.file("missing/model.onnx")) }
  }

  @Test(arguments: [
    (ONNXExportOptions(height: 60, width: 64), "imgsz: the height must be a multiple of 32"),
    (ONNXExportOptions(height: 64, width: 64, batch: 0), "batch: must be from 1"),
    (ONNXExportOptions(height: 64, width: 64, opset: 12), "opset: must be from 13 to 22, but is 12"),
    (
      ONNXExportOptions(height: 64, width: 64, isHalf: true, quantization: []),
      "int8: and half exclude each other"
    ),
  ])
  func `is not made of options that cannot be`(options: ONNXExportOptions, message: String) throws {
    let error = #expect(throws: ONNXExportError.self) { try export(options) }
    #expect(error?.description.hasPrefix(message) == true)
  }
}

/// Layers that a user might write.
@Suite struct `Layers of one's own` {
  private static func yaml(_ layer: String) -> String {
    """
    nc: 1
    kpt_shape: [2, 3]
    backbone:
      - [-1, 1, Conv, [8, 3, 8]]
      - [-1, 1, \(layer), []]
    head:
      - [[1], 1, Pose, [nc, kpt_shape]]
    """
  }

  private func export(_ layer: String, isDynamic: Bool = false) throws -> ONNXModel {
    let network = try Setup.network(Self.yaml(layer), plugins: [OwnLayers.self])
    return try ONNXExporter(network.model, store: network.store).export(
      ONNXExportOptions(height: 64, width: 96, isDynamic: isDynamic))
  }

  @Test(arguments: [false, true])
  func `export where they are made of tensor operations`(isDynamic: Bool) throws {
    let file = try ONNXFile(bytes: export("Everything", isDynamic: isDynamic).bytes(), name: "own.onnx")
    let used = [
      "Tanh", "Exp", "Log", "Sqrt", "Abs", "Softplus", "LeakyRelu", "HardSigmoid", "Erf", "Max", "Min",
      "Div", "Sub", "ReduceSum", "MatMul", "Softmax", "Transpose", "Relu", "HardSwish",
    ]
    for name in used { #expect(file.operators[name, default: 0] > 0, "\(name)") }
  }

  @Test(
    .enabled(if: Peers.hasONNXRuntime, "ONNX Runtime is not here; see POSELAB_ONNXRUNTIME"),
    arguments: [false, true])
  func `compute what they compute here`(isDynamic: Bool) throws {
    let network = try Setup.network(Self.yaml("Everything"), plugins: [OwnLayers.self])
    let model = try ONNXExporter(network.model, store: network.store).export(
      ONNXExportOptions(height: 64, width: 96, isDynamic: isDynamic),
      metadata: [("kpt_shape", "[2, 3]"), ("names", "{0: 'thing'}"), ("stride", "8")])
    let head = try ONNXPoseHead(
      ONNXFile(bytes: model.bytes(), name: "own.onnx"), engine: ONNXRuntimeEngine())
    let images = Setup.images([1, 64, 96, 3])
    let output = head([images], ForwardPass(.inference))
    let found = head.decode(output, image: 0, minimumScore: nil)
    #expect(Setup.difference([found], Setup.rows(network, images)) < 1e-4)
  }

  @Test func `are named where they leave tensor operations`() throws {
    let error = #expect(throws: ONNXExportError.self) { try export("OnHost") }
    #expect(
      error?.description
        == "model.1/OnHost cannot be exported: it reads numbers on the host, which no graph can do; it must be"
        + " made of tensor operations")
  }

  @Test func `are named where they cannot be of any size`() throws {
    _ = try export("Positions")
    let error = #expect(throws: ONNXExportError.self) { try export("Positions", isDynamic: true) }
    #expect(
      error?.description
        == "model.1/Positions cannot be exported with dynamic=True: it uses numbers that change with the image"
        + " size; leave dynamic out and give imgsz")
  }
}
