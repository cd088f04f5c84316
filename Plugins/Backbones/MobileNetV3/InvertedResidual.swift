public import BuildingBlocks
public import Layers
public import Tensor

/// Widens a map, convolves every channel apart, weighs the channels, and narrows the map again.
///
/// Source: Sandler et al., MobileNetV2, arXiv:1801.04381; Howard et al., MobileNetV3, arXiv:1905.02244, figure 4.
///
/// `[batch, height, width, in]` to `[batch, height / stride, width / stride, out]`; checkpoint names `block.0.0`,
/// `block.0.1`, `block.1.0`, … as in torchvision.
public final class InvertedResidual: UnaryLayer {
  public let widening: ConvolutionBlock?
  public let depthwise: ConvolutionBlock
  public let weighing: SqueezeExcitation?
  public let narrowing: ConvolutionBlock
  public let addsInput: Bool

  /// - Parameters:
  ///   - hidden: channels of the depthwise convolution.
  ///   - squeezed: channels of the smallest layer of the weighing; nil leaves it out.
  public init(
    inChannels: Int, hidden: Int, outChannels: Int, kernel: Int, stride: Int, squeezed: Int?,
    activation: Activation
  ) {
    func block(
      _ from: Int, _ to: Int, kernel: Int = 1, stride: Int = 1, groups: Int = 1, _ activation: Activation
    ) -> ConvolutionBlock {
      ConvolutionBlock(
        inChannels: from, outChannels: to, kernel: kernel, stride: stride, groups: groups,
        activation: activation, epsilon: 1e-3, momentum: 0.01
      ).scaledByFanOut()
    }
    widening = hidden == inChannels ? nil : block(inChannels, hidden, activation)
    depthwise = block(hidden, hidden, kernel: kernel, stride: stride, groups: hidden, activation)
    weighing = squeezed.map { squeezed in
      let weighing = SqueezeExcitation(channels: hidden, squeezed: squeezed, gate: .hardSigmoid)
      for layer in [weighing.squeeze, weighing.excite] {
        layer.scaleByFanOut()
        layer.bias?.initializer = .constant(0)
      }
      return weighing
    }
    narrowing = block(hidden, outChannels, .identity)
    addsInput = stride == 1 && inChannels == outChannels
  }

  public var members: [LayerMember] {
    var members: [LayerMember] = []
    var place = 0
    func add(_ parts: [LayerMember]) {
      members += parts
      place += 1
    }
    if let widening { add(widening.members("block.0.0", "block.0.1")) }
    add(depthwise.members("block.\(place).0", "block.\(place).1"))
    if let weighing { add([.layer("block.\(place)", weighing)]) }
    add(narrowing.members("block.\(place).0", "block.\(place).1"))
    return members
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    var map = depthwise(widening?(input, pass) ?? input, pass)
    if let weighing { map = weighing(map, pass) }
    map = narrowing(map, pass)
    return addsInput ? input + map : map
  }
}
