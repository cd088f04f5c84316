import Config
import Foundation
import Layers
import PoseCore
import Tensor

/// A tiny YOLO26-pose with weights, pictures and labels made by formulas, and what the reference computed with it.
///
/// Of each tensor every s-th number is recorded; of gradients the sum of gradient × wave with phase 9, and the norm.
struct YOLO26Network {
  struct Sample: Decodable {
    var shape: [Int]
    var stride: Int
    /// Of the whole tensor.
    var largest: Float
    var values: [Float]
  }

  struct Losses: Decodable {
    var total: Float
    var items: [String: Float]
  }

  struct Flow: Decodable {
    var points: [Float]
    var log: [Float]
    var gradient: [Float]
  }

  struct Target: Decodable {
    var image: Int
    /// Centre and size in pixels.
    var box: [Float]
    /// x, y, visibility.
    var keypoints: [[Float]]
  }

  struct Records: Decodable {
    var samples: [String: Sample]
    /// For each image the best 12 of the one-to-one branch: corners, score, class, first keypoint.
    var top: [[[Float]]]
    var flow: Flow
    var targets: [Target]
    /// By number of epochs done, of 10.
    var losses: [String: Losses]
    /// After 3 epochs.
    var gradients: [String: [Double]]
  }

  let model: PoseModel
  let store: ParameterStore
  let records: Records
  let images: Tensor

  init(_ device: Device) throws {
    records = try JSONDecoder().decode(
      Records.self, from: Data(contentsOf: Setup.fixtures.appending(path: "yolo26.json")))
    let specs = ShippedSpecs(homes: [Setup.package.path])
    let scales: Node.Value = ["p": [0.5, 0.03125, 1024]]
    model = try PoseModel(
      ModelSpec(
        named: "yolo26-pose.yaml", specs: specs,
        changes: Node(["scales": scales, "scale": "p"])),
      registry: Setup.registry())
    store = ParameterStore(model, device: device, seed: 1)
    Self.fill(store)
    // A wave and one that grows faster and faster, so that no two places look alike.
    let pixels = BlockFixture.wave(2 * 128 * 160 * 3, phase: 5).enumerated().map { index, wave in
      Float(0.5 + 0.25 * wave + 0.25 * sin(1e-6 * Double(index) * Double(index)))
    }
    images = Tensor(pixels, shape: [2, 128, 160, 3], on: device)
  }

  private static func fill(_ store: ParameterStore) {
    let constants = ["mask", "cov", "loc"].map { "flow_model." + $0 }
    let states = store.states.filter { state in !constants.contains { state.path.hasSuffix($0) } }
      .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    for (phase, state) in states.enumerated() {
      let shape = state.shape
      let perOutput = Double(shape.dropFirst().reduce(1, *))
      let isSide = state.path.contains("cv2.") && state.path.hasSuffix(".2.bias")
      let values = BlockFixture.wave(shape.reduce(1, *), phase: phase).map { w -> Float in
        if state.path.hasSuffix("running_var") { return Float(1 + 0.5 * w * w) }
        if state.path.hasSuffix("running_mean") { return Float(0.2 * w) }
        if shape.count > 1 { return Float(w * 1.5 / perOutput.squareRoot()) }
        return Float(state.path.hasSuffix("weight") ? 1 + 0.3 * w : 0.1 * w + (isSide ? 2 : 0))
      }
      values.withUnsafeBufferPointer { state.value.copyFromHost($0) }
    }
    store.markChanged()
  }

  var targets: [[Instance]] {
    (0..<2).map { image in
      records.targets.filter { $0.image == image }.map { target in
        let (x, y, width, height) = (target.box[0], target.box[1], target.box[2], target.box[3])
        return Instance(
          classIndex: 0,
          box: Box(x1: x - width / 2, y1: y - height / 2, x2: x + width / 2, y2: y + height / 2),
          keypoints: target.keypoints.map {
            Keypoint(x: $0[0], y: $0[1], visibility: Visibility(rawValue: UInt8($0[2])) ?? .unlabelled)
          })
      }
    }
  }

  /// max|a - b| / max|b| over the recorded numbers.
  func error(of values: [Float], shape: [Int], from name: String) -> Float {
    guard let sample = records.samples[name], sample.shape == shape else { return .infinity }
    let worst = sample.values.enumerated().map { index, expected -> Float in
      let difference = abs(values[index * sample.stride] - expected)
      return difference.isNaN ? .infinity : difference
    }.max()
    return worst.map { $0 / sample.largest } ?? .infinity
  }

  func error(of tensor: Tensor, from name: String) -> Float {
    error(of: tensor.copyToHost(), shape: tensor.shape, from: name)
  }
}
