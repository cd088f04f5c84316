import Foundation
import Interchange
import Layers
import PoseCore
import Tensor
import Testing

/// Single layers and heads of the reference with weights, inputs and output gradients made by a formula.
struct BlockFixture: Decodable {
  struct Layer: Decodable, CustomTestStringConvertible, Sendable {
    var name: String
    var layer: String
    /// YAML.
    var arguments: String
    var repeats: Int
    var input: [Int]
    var samples: [String: Sample]
    /// Of each parameter: sum of gradient × wave with phase 9, and the gradient's norm.
    var gradients: [String: [Double]]

    var testDescription: String { name }
  }

  struct Head: Decodable, CustomTestStringConvertible, Sendable {
    var name: String
    var classes: Int
    var keypoints: [Int]
    var channels: [Int]
    var legacy: Bool
    var samples: [String: Sample]

    var testDescription: String { name }
  }

  /// Every s-th number of a tensor is recorded.
  struct Sample: Decodable, Sendable {
    var stride: Int
    var shape: [Int]
    var largest: Float
  }

  var layers: [Layer]
  var heads: [Head]

  static func load() throws -> BlockFixture {
    try JSONDecoder().decode(
      BlockFixture.self, from: Data(contentsOf: Setup.fixtures.appending(path: "blocks.json")))
  }

  static func file() throws -> SafetensorsFile {
    try SafetensorsFile(path: Setup.fixtures.appending(path: "blocks.safetensors").path)
  }

  /// max|a - b| / max|b| over the recorded numbers.
  static func error(_ values: [Float], shape: [Int], _ name: String, _ sample: Sample) throws -> Float {
    guard shape == sample.shape else { return .infinity }
    var worst: Float = 0
    for (index, expected) in try file().floats(named: name).values.enumerated() {
      let difference = abs(values[index * sample.stride] - expected)
      worst = difference.isNaN ? .infinity : max(worst, difference)
    }
    return worst / sample.largest
  }

  /// The formula: sin(0.7 (i + 1) + 1.3 phase).
  static func wave(_ count: Int, phase: Int) -> [Double] {
    (0..<count).map { sin(0.7 * Double($0 + 1) + 1.3 * Double(phase)) }
  }

  static func tensor(_ shape: [Int], phase: Int, on device: Device) -> Tensor {
    Tensor(wave(shape.reduce(1, *), phase: phase).map { Float($0) }, shape: shape, on: device)
  }

  /// Fills all that is learned, in the order of names.
  static func fill(_ store: ParameterStore) {
    let states = store.states.filter { !$0.path.hasPrefix("dfl") }.sorted { $0.path < $1.path }
    for (phase, state) in states.enumerated() {
      let shape = state.shape
      let wave = wave(shape.reduce(1, *), phase: phase)
      let perOutput = Double(shape.dropFirst().reduce(1, *))
      let values = wave.map { w -> Float in
        if state.path.hasSuffix("running_var") { return Float(1 + 0.5 * w * w) }
        if state.path.hasSuffix("running_mean") { return Float(0.2 * w) }
        if shape.count > 1 { return Float(w * 1.5 / perOutput.squareRoot()) }
        return Float(state.path.hasSuffix("weight") ? 1 + 0.3 * w : 0.1 * w)
      }
      values.withUnsafeBufferPointer { state.value.copyFromHost($0) }
    }
    store.markChanged()
  }
}
