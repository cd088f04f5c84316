internal import Layers
internal import Tensor

/// A node of a bidirectional pyramid: a weighted sum of maps, SiLU, a depthwise separable convolution.
///
/// Source: Tan et al., EfficientDet, arXiv:1911.09070, section 3.3.
///
/// Checkpoint names `fusion`, `depthwise`, `pointwise.conv`, `pointwise.bn`.
final class FusionNode: ParameterOwner {
  private let sum: WeightedSum
  private let depthwise: Convolution2D
  private let pointwise: ConvolutionBlock

  /// - Parameter inputs: how many maps it adds.
  init(inputs: Int, channels: Int) {
    sum = WeightedSum(inputs)
    depthwise = Convolution2D(
      inChannels: channels, outChannels: channels, kernel: 3,
      options: ConvolutionOptions(padding: 1, groups: channels), bias: false)
    pointwise = .projection(channels, channels)
  }

  var members: [LayerMember] {
    [.parameter("fusion", sum.weights), .layer("depthwise", depthwise), .layer("pointwise", pointwise)]
  }

  func callAsFunction(_ maps: [Tensor], _ pass: ForwardPass) -> Tensor {
    pointwise(depthwise(sum(maps, pass).applying(.silu), pass), pass)
  }
}

extension ConvolutionBlock {
  /// A pointwise convolution and normalisation without activation.
  static func projection(_ inChannels: Int, _ outChannels: Int) -> ConvolutionBlock {
    ConvolutionBlock(
      inChannels: inChannels, outChannels: outChannels, activation: .identity, epsilon: 1e-3, momentum: 0.01)
  }
}
