public import Layers
public import Tensor

/// A 3×3 convolution, then a depthwise one of a large kernel and a pointwise one; added to the input.
///
/// Source: Lyu et al., RTMDet, arXiv:2212.07784, section 3.2.
///
/// `[batch, height, width, channels]` to the same shape; checkpoint names `conv1`, `conv2.depthwise_conv`,
/// `conv2.pointwise_conv`.
public final class CSPNeXtBlock: UnaryLayer {
  public let convolution: ConvolutionBlock
  public let depthwise: ConvolutionBlock
  public let pointwise: ConvolutionBlock
  public let addsInput: Bool

  public init(channels: Int, kernel: Int = 5, shortcut: Bool) {
    convolution = ConvolutionBlock(
      inChannels: channels, outChannels: channels, kernel: 3, epsilon: 1e-5, momentum: 0.1)
    depthwise = ConvolutionBlock(
      inChannels: channels, outChannels: channels, kernel: kernel, groups: channels, epsilon: 1e-5,
      momentum: 0.1)
    pointwise = ConvolutionBlock(
      inChannels: channels, outChannels: channels, epsilon: 1e-5, momentum: 0.1)
    addsInput = shortcut
  }

  public var members: [LayerMember] {
    [
      .layer("conv1", convolution), .layer("conv2.depthwise_conv", depthwise),
      .layer("conv2.pointwise_conv", pointwise),
    ]
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let output = pointwise(depthwise(convolution(input, pass), pass), pass)
    return addsInput ? input + output : output
  }
}
