import Layers
import PoseCore
import Tensor

/// Layers as a user's plugin would bring them.
enum OwnLayers: Plugin {
  static let name = "OwnLayers"

  static func register(in registry: inout Registry) throws {
    func add(_ name: String, _ layer: @escaping @Sendable (Int) -> any UnaryLayer) throws {
      try registry.layers.register(
        Component(name, summary: name) { _, context in
          let input = context.inputs[0]
          return BuiltLayer(layer(input.channels), output: input)
        })
    }
    try add("Everything") { Everything($0) }
    try add("OnHost") { _ in OnHost() }
    try add("Positions") { _ in Positions() }
  }
}

/// Every operation on tensors that a forward pass may use.
private final class Everything: UnaryLayer {
  private let weight: Parameter
  private let unused: Parameter

  init(_ channels: Int) {
    weight = Parameter([channels, channels], role: .weight, initializer: .fanIn(channels))
    unused = Parameter([channels], role: .bias, initializer: .constant(0.25))
  }

  var members: [LayerMember] { [.parameter("weight", weight), .parameter("bias", unused)] }

  func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let (batch, height, width, channels) = (input.shape[0], input.shape[1], input.shape[2], input.channels)
    // A constant on the left, and constants among themselves.
    let offset = unused(pass).applying(.square) + unused(pass)
    var map = offset * input.applying(.tanh) - input.applying(.sigmoid)
    map = Tensor.maximum(map, input.applying(.leakyReLU)) + Tensor.minimum(map, input.applying(.hardSigmoid))
    map = map + input.applying(.gelu) + input.applying(.abs).affine(scale: 0.5, offset: 1).applying(.log)
    map = map / input.applying(.square).affine(scale: 1, offset: 2).applying(.sqrt)
    map = map + input.affine(scale: 0.1).applying(.exp) + input.applying(.softplus) + input.applying(.relu)
    map = map + input.applying(.hardSwish)
    // Positions as rows, mixed by a matrix from the left and one from the right.
    let rows = map.reshaped([batch, height * width, channels])
    let products = rows.matrixProduct(weight(pass), transposeRight: true)
    let shares = products.softmax()
    let sums = rows.matrixProduct(shares, transposeLeft: true, scale: 0.01)
    let mixed = rows.matrixProduct(sums).reshaped([batch, height, width, channels])
    // Columns and rows in each other's place and back, a sum over channels, and channels in another order.
    let turned = mixed.permuted([0, 2, 1, 3]).sum(axis: 3).permuted([0, 2, 1, 3])
    let halves = mixed.split([channels / 2, channels - channels / 2])
    return Tensor.concatenated([halves[1], halves[0]]) + turned.affine(scale: 0.1)
  }
}

private final class OnHost: UnaryLayer {
  var members: [LayerMember] { [] }

  func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let largest = input.copyToHost().max() ?? 1
    return input.affine(scale: 1 / max(1, largest))
  }
}

/// Adds a ramp as wide as the map.
private final class Positions: UnaryLayer {
  var members: [LayerMember] { [] }

  func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let width = input.shape[2]
    let ramp = (0..<width).map { Float($0) / Float(width) }
    return input + Tensor(ramp, shape: [1, 1, width, 1], on: input.device)
  }
}
