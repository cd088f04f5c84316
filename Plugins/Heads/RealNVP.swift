internal import Foundation
public import Layers
public import Tensor

/// A learned density over the plane: a normal distribution bent by six couplings, each of which shifts and stretches
/// one coordinate by what two small networks make of the other.
///
/// Source: Dinh et al., Density Estimation Using Real NVP, arXiv:1605.08803; for keypoint errors Li et al., Human Pose
/// Regression with Residual Log-likelihood Estimation, arXiv:2107.11291.
///
/// Checkpoint names: `s` (stretch) and `t` (shift), each with a list of couplings of three linear layers `0`, `2`, `4`;
/// `loc`, `cov` and `mask` are constants that the reference's checkpoints carry.
public final class RealNVP: ParameterOwner {
  private static let hidden = 64
  /// Which coordinate each coupling leaves as it is.
  private static let kept = [1, 0, 1, 0, 1, 0]

  private let stretches: [PointNetwork]
  private let shifts: [PointNetwork]
  private let constants: [(name: String, buffer: Buffer)]

  public init() {
    stretches = Self.kept.map { _ in PointNetwork(hidden: Self.hidden, isBounded: true) }
    shifts = Self.kept.map { _ in PointNetwork(hidden: Self.hidden, isBounded: false) }
    constants = [
      ("loc", Buffer([2], initialValue: 0)),
      ("cov", Buffer([2, 2], initialValues: [1, 0, 0, 1])),
      (
        "mask",
        Buffer([Self.kept.count, 2], initialValues: Self.kept.flatMap { $0 == 0 ? [1, 0] : [0, 1] })
      ),
    ]
  }

  public var members: [LayerMember] {
    constants.map { .buffer($0.name, $0.buffer) } + LayerMember.list("s", stretches)
      + LayerMember.list("t", shifts)
  }

  /// The logarithm of the density.
  ///
  /// - Parameter points: `[n, 2]`.
  /// - Returns: `[n, 1]`.
  public func logProbability(of points: Tensor, _ pass: ForwardPass) -> Tensor {
    var coordinates = [points.slice(channels: 0..<1), points.slice(channels: 1..<2)]
    var logDeterminant: Tensor?
    for index in Self.kept.indices.reversed() {
      let kept = Self.kept[index]
      let moved = 1 - kept
      let stretch = stretches[index](coordinates[kept], from: kept, to: moved, pass)
      let shift = shifts[index](coordinates[kept], from: kept, to: moved, pass)
      coordinates[moved] = (coordinates[moved] - shift) * (-stretch).applying(.exp)
      logDeterminant = logDeterminant.map { $0 - stretch } ?? -stretch
    }
    let squares = coordinates[0] * coordinates[0] + coordinates[1] * coordinates[1]
    let normal = squares.affine(scale: -0.5, offset: -Float(Foundation.log(2 * Double.pi)))
    return logDeterminant.map { normal + $0 } ?? normal
  }
}

/// Three linear layers from the plane to the plane, of which one coordinate each is in use.
private final class PointNetwork: ParameterOwner {
  private let layers: [Linear]
  private let isBounded: Bool

  /// - Parameter isBounded: tanh at the end.
  init(hidden: Int, isBounded: Bool) {
    layers = [
      Linear(inputs: 2, outputs: hidden), Linear(inputs: hidden, outputs: hidden),
      Linear(inputs: hidden, outputs: 2),
    ]
    self.isBounded = isBounded
  }

  /// Activations stand between them.
  var members: [LayerMember] { layers.enumerated().map { .layer(String(2 * $0.offset), $0.element) } }

  /// - Parameter coordinate: `[n, 1]`; the other counts as 0.
  /// - Returns: `[n, 1]`.
  func callAsFunction(_ coordinate: Tensor, from kept: Int, to moved: Int, _ pass: ForwardPass) -> Tensor {
    let zero = Tensor(zeros: coordinate.shape, on: coordinate.device)
    var values = Tensor.concatenated(kept == 0 ? [coordinate, zero] : [zero, coordinate])
    for layer in layers.dropLast() { values = layer(values, pass).applying(.silu) }
    let output = layers[layers.count - 1](values, pass).slice(channels: moved..<(moved + 1))
    return isBounded ? output.applying(.tanh) : output
  }
}

/// `[n, inputs]` to `[n, outputs]`.
private final class Linear: ParameterOwner {
  private let weight: Parameter
  private let bias: Parameter

  init(inputs: Int, outputs: Int) {
    // A fresh flow is nearly the normal distribution.
    weight = Parameter(
      [outputs, inputs], role: .weight,
      initializer: .glorot(fanIn: inputs, fanOut: outputs, gain: 0.01))
    bias = Parameter([outputs], role: .bias, initializer: .fanIn(inputs))
  }

  var members: [LayerMember] { [.parameter("weight", weight), .parameter("bias", bias)] }

  func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    input.matrixProduct(weight(pass), transposeRight: true) + bias(pass)
  }
}
