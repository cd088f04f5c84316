import Config
import Foundation
import Interchange
import Layers
import PoseCore
import Tensor

/// A tiny YOLO11-pose with the reference's weights, and what the reference computed with it.
///
/// Long tensors are recorded as every s-th number of their row-major order, maps as `[batch, height, width, channels]`.
struct PicoNetwork {
  struct Sample: Decodable {
    var stride: Int
    var shape: [Int]
    /// Of the whole tensor.
    var largest: Float
    var largestPerGroup: [Float]?
  }

  struct Records: Decodable {
    var samples: [String: Sample]
    var items: [String: Float]
    var total: Float
  }

  let model: PoseModel
  let store: ParameterStore
  let device: Device
  let file: SafetensorsFile
  let records: Records

  init(_ engine: TestEngine) throws {
    // A recording with all numbers of all tensors may take the place of the short one.
    let folder =
      ProcessInfo.processInfo.environment["POSELAB_PICO"].map { URL(filePath: $0) } ?? Setup.fixtures
    file = try SafetensorsFile(path: folder.appending(path: "pico.safetensors").path)
    records = try JSONDecoder().decode(
      Records.self, from: Data(contentsOf: folder.appending(path: "pico.json")))
    let document = try Document(file: Setup.fixtures.appending(path: "pico.yaml").path)
    model = try PoseModel(ModelSpec(document.root), registry: Setup.registry())
    device = engine.device
    store = ParameterStore(model, device: device, seed: 7)
    try store.load(try Self.weights(file))
  }

  /// The weights alone, under the names of checkpoints.
  static func weights(_ file: SafetensorsFile) throws -> SafetensorsFile {
    var writer = SafetensorsWriter()
    for name in file.names where name.hasPrefix("weights/") {
      let (shape, values) = try file.floats(named: name)
      writer.add(String(name.dropFirst("weights/".count)), shape: shape, floats: values)
    }
    return try SafetensorsFile(bytes: writer.bytes(), name: "weights")
  }

  /// Recorded pictures `[batch, height, width, 3]`, stored channel by channel as bytes.
  func images(_ name: String) throws -> Tensor {
    let (shape, bytes) = try file.ints(named: name)
    let numbers = Tensor(bytes.map { Float($0) / 255 }, shape: shape, on: device)
    return numbers.permuted([0, 2, 3, 1])
  }

  /// max|a - b| / max|b| over the recorded numbers.
  func error(of tensor: Tensor, from name: String) throws -> Float {
    try error(of: tensor.copyToHost(), shape: tensor.shape, from: name)
  }

  func error(of values: [Float], shape: [Int], from name: String) throws -> Float {
    guard let sample = records.samples[name], sample.shape == shape else { return .infinity }
    return try differences(values, name, sample).max().map { $0 / sample.largest } ?? .infinity
  }

  func differences(_ values: [Float], _ name: String, _ sample: Sample) throws -> [Float] {
    let expected = try file.floats(named: name).values
    return expected.enumerated().map { index, number in
      let difference = abs(values[index * sample.stride] - number)
      return difference.isNaN ? .infinity : difference
    }
  }

  func names(_ prefix: String) -> [String] {
    records.samples.keys.filter { $0.hasPrefix(prefix) }.sorted()
  }
}
