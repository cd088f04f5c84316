import Config
import Foundation
import Layers
import ONNX
import OneDNN
import PoseCore
import PoseLab
import Tensor

/// Models with numbers that no part of an export leaves as they are.
enum Setup {
  static let registry = try? Registry.standard()

  static func network(_ yaml: String, plugins: [any Plugin.Type] = []) throws -> PoseNetwork {
    var registry = try Registry.standard()
    for plugin in plugins { try registry.install(plugin) }
    let model = try PoseModel(ModelSpec(Document(text: yaml, name: "model.yaml").root), registry: registry)
    let network = PoseNetwork(model, device: Device(engine: OneDNNEngine()), seed: 3)
    var stream = RandomStream(seed: 5, purpose: .test)
    for state in network.store.states {
      let range: (Double, Double)
      switch state.path.split(separator: ".").last {
      case "running_mean": range = (-0.2, 0.2)
      case "running_var": range = (0.5, 1.5)
      case "bias": range = (-0.1, 0.3)
      default: continue
      }
      let numbers = (0..<state.shape.reduce(1, *)).map { _ in Float(stream.uniform(range.0, range.1)) }
      numbers.withUnsafeBufferPointer { state.value.copyFromHost($0) }
    }
    network.store.markChanged()
    return network
  }

  /// Small, but with attention, all levels, and more than one class.
  static let small = """
    nc: 2
    kpt_shape: [5, 3]
    scales: {tiny: [0.34, 0.0625, 1024]}
    backbone: yolo11
    neck: pafpn
    head: yolo11_pose
    """

  /// `[batch, height, width, 3]`, from 0 to 1.
  static func images(_ shape: [Int], seed: UInt64 = 7) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: .test)
    let numbers = (0..<shape.reduce(1, *)).map { _ in Float(stream.uniform()) }
    return Tensor(numbers, shape: shape, on: Device(engine: OneDNNEngine()))
  }

  /// What PoseLab itself makes of pictures, decoded: the rows of each picture.
  static func rows(_ network: PoseNetwork, _ images: Tensor) -> [DecodedOutput] {
    var output = network(images, ForwardPass(.inference))
    if network.layout.isNMSFree { output = output.oneToOneOutput ?? output }
    return (0..<images.shape[0]).map { network.decode(output, image: $0, minimumScore: nil) }
  }

  /// Greatest difference within boxes, scores, positions and confidences, as a share of the largest number of each.
  static func difference(_ found: [DecodedOutput], _ expected: [DecodedOutput]) -> Float {
    var (largest, apart) = ([Float](repeating: 0, count: 4), [Float](repeating: 0, count: 4))
    guard found.count == expected.count else { return .infinity }
    for (a, b) in zip(found, expected) {
      guard a.values.count == b.values.count, a.rowLength == b.rowLength else { return .infinity }
      for (place, (x, y)) in zip(a.values, b.values).enumerated() {
        let column = place % a.rowLength
        let group =
          column < 4 ? 0 : column < 4 + a.classCount ? 1 : (column - 4 - a.classCount) % 3 == 2 ? 3 : 2
        largest[group] = max(largest[group], abs(y))
        apart[group] = (x - y).isFinite ? max(apart[group], abs(x - y)) : .infinity
      }
    }
    return zip(apart, largest).map { $0 / max($1, .leastNormalMagnitude) }.max() ?? .infinity
  }
}

extension DecodedOutput {
  /// The numbers of each row.
  var rows: [[Float]] {
    (0..<count).map { Array(values[($0 * rowLength)..<(($0 + 1) * rowLength)]) }
  }
}

extension DecodedOutput {
  /// What PoseLab's own suppression keeps of the rows.
  func kept(by options: ONNXExportOptions.Suppression) -> [NonMaximumSuppression.Kept] {
    let suppression = NonMaximumSuppression(
      minimumScore: options.minimumScore, maximumIoU: options.maximumIoU, maximumCount: options.maximumCount)
    return values.withUnsafeBufferPointer {
      suppression(
        DecodedPredictions(
          $0, count: count, classCount: classCount, columnStride: rowLength, channelStride: 1))
    }
  }
}

extension [[Float]] {
  /// Whether a row has these numbers in these columns, up to `tolerance`.
  func hold(_ numbers: [(column: Int, value: Float)], within tolerance: Float) -> Bool {
    contains { row in numbers.allSatisfy { abs(row[$0.column] - $0.value) < tolerance } }
  }
}

/// A folder that goes with the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "poselab-onnx-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
}
