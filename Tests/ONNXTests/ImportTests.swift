import Foundation
import Interchange
import Layers
import ONNX
import ONNXRuntime
import PoseCore
import PoseLab
import Tensor
import Testing

/// Files that the reference exported, where they are beside the package.
private enum Reference {
  static let folder: String? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["POSELAB_SHARED"].map { URL(filePath: $0) }
    let shared = named ?? package.deletingLastPathComponent().appending(path: "shared")
    let folder = shared.appending(path: "fixtures/export").path
    return FileManager.default.fileExists(atPath: folder + "/model-static.onnx") ? folder : nil
  }()
}

@Suite(.enabled(if: Reference.folder != nil, "the reference's exported models are not here"))
struct `Models that the reference exported` {
  private func path(_ name: String) -> String { (Reference.folder ?? "") + "/" + name }

  @Test(arguments: ["static", "dynamic"])
  func `say what they are`(kind: String) throws {
    let file = try ONNXFile(path: path("model-\(kind).onnx"))
    #expect(file.opset == 18 && file.operators["Conv"] == 97)
    let metadata = try ONNXMetadata(entries: file.metadata, path: file.path, outputChannels: 56)
    #expect(metadata.height == 128 && metadata.width == 160 && metadata.stride == 32)
    #expect(metadata.classNames == ["person"] && metadata.skeleton == .cocoPerson)
    #expect(file.output.shape[1] == .fixed(56))
  }

  @Test(
    .enabled(if: Peers.hasONNXRuntime, "ONNX Runtime is not here; see POSELAB_ONNXRUNTIME"),
    arguments: [
      ("static", "input_a", "onnxruntime_static_a"), ("dynamic", "input_b", "onnxruntime_dynamic_b"),
    ])
  func `give the recorded numbers`(kind: String, input: String, output: String) throws {
    let recorded = try SafetensorsFile(path: path("export.safetensors"))
    let (_, shape, bytes) = try recorded.tensor(named: input)
    let head = try ONNXPoseHead(
      ONNXFile(path: path("model-\(kind).onnx")), engine: ONNXRuntimeEngine())
    let images = Tensor(bytes.map { Float($0) / 255 }, shape: shape, on: Device.openBLAS())
      .permuted([0, 2, 3, 1])
    let result = head([images], ForwardPass(.inference))
    let expected = try recorded.floats(named: output)
    let count = expected.shape[2]
    for image in 0..<shape[0] {
      let rows = head.decode(result, image: image, minimumScore: nil)
      #expect(rows.count == count && rows.rowLength == 56)
      var wanted = rows
      for row in 0..<count {
        for column in 0..<56 {
          wanted.values[row * 56 + column] = expected.values[(image * 56 + column) * count + row]
        }
      }
      #expect(Setup.difference([rows], [wanted]) < 1e-5)
    }
  }

  @Test func `have the numbers that PoseLab's export of the same weights has`() throws {
    let weights = path("../yolo11-pose-pico/model.pt")
    try #require(FileManager.default.fileExists(atPath: weights))
    let folder = try TemporaryFolder()
    var export = ModelExport(weights, registry: try Registry.standard())
    export.imageSize = (128, 160)
    let result = try export.write(to: folder.file("pico.onnx"))
    let (own, reference) = (
      try ONNXFile(path: result.path), try ONNXFile(path: path("model-static.onnx"))
    )
    #expect(own.input == reference.input && own.output == reference.output)
    #expect(own.operators["Conv"] == reference.operators["Conv"])
    for key in [
      "stride", "task", "head", "batch", "imgsz", "names", "channels", "end2end", "kpt_shape", "kpt_names",
    ] {
      #expect(own.metadata[key] == reference.metadata[key], "\(key)")
    }
    #expect(Set(reference.metadata.keys).subtracting(own.metadata.keys).isEmpty)
  }
}
