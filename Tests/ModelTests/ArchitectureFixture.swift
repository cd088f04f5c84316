import Foundation
import Layers
import PoseCore
import Tensor
import Testing

/// What other implementations compute of backbones, necks and layers, with weights made by a formula of their names.
///
/// Backbones are those of torchvision and timm, FPN is torchvision's, ghost layers and CBAM are Ultralytics'; the rest
/// was written in PyTorch after the papers, CSPNeXt after RTMDet's published configuration.
struct ArchitectureFixture: Decodable, CustomTestStringConvertible, Sendable {
  enum Kind: String, Decodable {
    case backbone, neck, layer
  }

  struct Output: Decodable, Sendable {
    var shape: [Int]
    /// Every stride-th number is a sample.
    var stride: Int
    var sum: Double
    /// Sum of magnitudes.
    var size: Double
    var samples: [Double]
  }

  var name: String
  var kind: Kind
  /// The part's spec, or the layer's line of a recipe.
  var yaml: String
  /// `[batch, height, width, channels]`.
  var inputs: [[Int]]
  var parameters: Int
  /// In evaluation.
  var outputs: [Output]
  /// In training, of inputs and parameters: sum of gradient × noise, and the gradient's norm.
  var gradients: [String: [Double]]

  var testDescription: String { name }

  static func load() throws -> [ArchitectureFixture] {
    try JSONDecoder().decode(
      [ArchitectureFixture].self,
      from: Data(contentsOf: Setup.fixtures.appending(path: "architectures.json")))
  }

  /// Uniform numbers in −1…1 that depend on the name alone: its 32-bit FNV-1a hash and the place, mixed.
  static func noise(_ name: String, _ count: Int) -> [Double] {
    let hash = name.utf8.reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return (0..<count).map { index in
      var bits = hash &+ UInt32(truncatingIfNeeded: index) &* 0x9E37_79B9
      bits = (bits ^ (bits >> 16)) &* 0x85EB_CA6B
      bits = (bits ^ (bits >> 13)) &* 0xC2B2_AE35
      bits ^= bits >> 16
      return Double(bits) / 2_147_483_648 - 1
    }
  }

  static func tensor(_ name: String, _ shape: [Int], on device: Device) -> Tensor {
    Tensor(noise(name, shape.reduce(1, *)).map { Float($0) }, shape: shape, on: device)
  }

  static func fill(_ store: ParameterStore) {
    for state in store.states {
      let shape = state.shape
      let gain = (6 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
      let values = noise(state.path, shape.reduce(1, *)).map { number -> Float in
        if shape.count > 1 { return Float(number * gain) }
        if state.path.hasSuffix("running_var") { return Float(1 + 0.5 * number) }
        if state.path.hasSuffix("running_mean") { return Float(0.2 * number) }
        return Float(state.path.hasSuffix("bias") ? 0.1 * number : 1 + 0.3 * number)
      }
      values.withUnsafeBufferPointer { state.value.copyFromHost($0) }
    }
    store.markChanged()
  }
}
