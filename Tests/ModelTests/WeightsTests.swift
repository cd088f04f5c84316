import Foundation
import Interchange
import Layers
import PoseCore
import Tensor
import Testing

@Suite struct `Weights` {
  private func pico(classes: Int = 1, keypoints: String = "[17, 3]") throws -> ParameterStore {
    let yaml = try String(contentsOf: Setup.fixtures.appending(path: "pico.yaml"), encoding: .utf8)
      .replacing("nc: 1", with: "nc: \(classes)").replacing("[17, 3]", with: keypoints)
    return ParameterStore(try Setup.model(yaml), device: .openBLAS(), seed: 3)
  }

  private func weights() throws -> SafetensorsFile {
    try PicoNetwork.weights(SafetensorsFile(path: Setup.fixtures.appending(path: "pico.safetensors").path))
  }

  /// The weights with some of them changed.
  private func weights(_ change: (inout [String: (shape: [Int], values: [Float])]) -> Void) throws
    -> SafetensorsFile
  {
    let file = try weights()
    var tensors: [String: (shape: [Int], values: [Float])] = [:]
    for name in file.names { tensors[name] = try file.floats(named: name) }
    change(&tensors)
    var writer = SafetensorsWriter()
    for (name, tensor) in tensors { writer.add(name, shape: tensor.shape, floats: tensor.values) }
    return try SafetensorsFile(bytes: writer.bytes(), name: "changed.safetensors")
  }

  @Test func `come back as they were saved`() throws {
    let store = try pico()
    let report = try store.load(weights())
    #expect(report.isComplete)
    #expect(report.loaded.count == 453)
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try store.save(to: path, metadata: ["task": "pose"])
    let saved = try SafetensorsFile(path: path)
    #expect(saved.metadata == ["task": "pose"])
    let other = try pico()
    #expect(other.values.copyToHost() != store.values.copyToHost())
    let version = other.version
    try other.load(saved)
    #expect(other.values.copyToHost() == store.values.copyToHost())
    #expect(other.version > version, "engines must forget reordered weights")
  }

  @Test func `of averages are saved in place of the store's own`() throws {
    let store = try pico()
    let average = Tensor(repeating: 0.5, shape: store.values.shape, on: store.device)
    var writer = SafetensorsWriter()
    store.add(to: &writer, values: average, prefix: "ema.")
    let file = try SafetensorsFile(bytes: writer.bytes(), name: "average")
    #expect(try file.floats(named: "ema.model.0.conv.weight").values.allSatisfy { $0 == 0.5 })
    try store.load(file, prefix: "ema.")
    #expect(store.offset(of: "model.5.bn.running_var").map { store.values.copyToHost()[$0] } == 0.5)
  }

  @Test func `of another model are refused whole, naming what differs`() throws {
    let store = try pico()
    let before = store.values.copyToHost()
    let file = try weights { tensors in
      tensors["model.3.conv.weight"] = nil
      tensors["model.99.conv.weight"] = ([1], [0])
      tensors["model.0.bn.bias"] = ([4], [0, 0, 0, 0])
      tensors["model.0.bn.num_batches_tracked"] = ([1], [5])
    }
    let error = #expect(throws: WeightsError.self) { try store.load(file) }
    #expect(
      error?.description == """
        changed.safetensors: these are not the weights of this model: 451 tensors fit, 1 is missing \
        (model.3.conv.weight), 1 is not in the model (model.99.conv.weight), 1 has another shape \
        (model.0.bn.bias: [4] in the file, [8] in the model); load them as a start for transfer, which keeps \
        what fits, or take the model they were saved from
        """)
    #expect(store.values.copyToHost() == before)
  }

  @Test func `of other classes and keypoints serve for transfer`() throws {
    let store = try pico(classes: 3, keypoints: "[4, 2]")
    let report = try store.load(weights(), fit: .transfer)
    #expect(report.missing.isEmpty && report.unexpected.isEmpty)
    #expect(report.misshapen.contains { $0.name == "model.23.cv4.0.2.weight" && $0.found == [51, 51, 1, 1] })
    #expect(report.misshapen.allSatisfy { $0.name.hasPrefix("model.23.cv") })
    #expect(report.loaded.contains("model.23.cv2.0.2.weight"))
    let reference = try weights().floats(named: "model.22.cv2.conv.weight").values
    let offset = try #require(store.offset(of: "model.22.cv2.conv.weight"))
    #expect(Array(store.values.copyToHost()[offset..<(offset + reference.count)]) == reference)
  }

  @Test func `that fit nowhere or hold no number are errors`() throws {
    let store = try pico()
    let alien = try weights { tensors in tensors = ["a": ([1], [1])] }
    #expect(throws: WeightsError.nothingFits(file: "changed.safetensors")) {
      try store.load(alien, fit: .transfer)
    }
    let damaged = try weights { tensors in tensors["model.1.bn.bias"]?.values[3] = .nan }
    #expect(throws: WeightsError.notFinite(file: "changed.safetensors", tensor: "model.1.bn.bias")) {
      try store.load(damaged)
    }
  }
}
