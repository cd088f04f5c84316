import Config
import Foundation
import Interchange
import Layers
import PoseCore
import PoseLab
import Tensor
import Testing
import Training

@Suite(.enabled(if: Recordings.folder != nil, "the recordings of the pico checkpoint are not here"))
struct `Checkpoints of the YOLO tools` {
  private func path(_ name: String) -> String { (Recordings.folder ?? "") + "/" + name }

  @Test(arguments: [("model.pt", "model"), ("model-last.pt", "ema")])
  func `give the weights to the bit, preferring the average`(
    name: String, source: String
  ) throws {
    let file = try PyTorchFile(path: path(name))
    let model = try #require(file.model)
    #expect(model.className == "PoseModel" && model.source == source && model.version == "8.4.190")
    #expect(model.classNames == [0: "person"] && model.keypointShape == [17, 3])
    #expect(model.keypointNames.prefix(2) == ["nose", "left_eye"])
    let reference = try SafetensorsFile(path: path("weights.safetensors"))
    #expect(file.names == reference.names.sorted())
    for name in reference.names where !name.hasSuffix("num_batches_tracked") {
      let (shape, values) = try file.floats(named: name)
      let expected = try reference.floats(named: name)
      #expect(shape == expected.shape && values == expected.values, "\(name)")
    }
  }

  @Test(arguments: ["model.pt", "model-last.pt"])
  func `make the model that computes what the reference does`(name: String) throws {
    let source = try ModelSource(Node(.string(path(name))))
    let description = try #require(source.description)
    #expect(description.classNames == ["person"] && description.imageSize == 160)
    #expect(description.skeleton == .cocoPerson)
    let registry = try Registry.standard()
    let device = try TrainingAssembly.device(ExecutionOptions(), registry)
    let network = PoseNetwork(try PoseModel(source.spec, registry: registry), device: device, seed: nil)
    try network.store.load(try WeightsFile.open(path(name)))

    let recorded = try SafetensorsFile(path: path("forward.safetensors"))
    let (shape, pixels) = try recorded.floats(named: "input")
    let images = Tensor(pixels, shape: shape, on: device).permuted([0, 2, 3, 1])
    let output = network(images, ForwardPass(.inference))
    // [image, row, anchor]
    let (form, expected) = try recorded.floats(named: "eval.decoded")
    let (rows, anchors) = (form[1], form[2])
    let largest = expected.map(abs).max() ?? 0
    for image in 0..<form[0] {
      let decoded = network.decode(output, image: image, minimumScore: nil)
      #expect(decoded.count == anchors && decoded.rowLength == rows)
      var worst: Float = 0
      for (place, anchor) in decoded.anchors.enumerated() {
        for row in 0..<rows {
          let wanted = expected[(image * rows + row) * anchors + Int(anchor)]
          worst = max(worst, abs(decoded.values[place * rows + row] - wanted))
        }
      }
      #expect(worst <= 1e-4 * largest, "image \(image)")
    }
  }
}

/// Recordings that are kept beside the package because of their size.
enum Recordings {
  static let folder: String? = {
    let given = ProcessInfo.processInfo.environment["POSELAB_SHARED"]
    let root =
      given.map { URL(filePath: $0) }
      ?? URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared")
    let path = root.appending(path: "fixtures/yolo11-pose-pico").standardizedFileURL.path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()
}
