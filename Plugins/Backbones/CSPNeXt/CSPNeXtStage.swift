public import Layers
public import Tensor

/// Cross-stage block of CSPNeXt: a chain of blocks beside a straight way; channels of both weighed by their averages.
///
/// Source: Lyu et al., RTMDet, arXiv:2212.07784; Wang et al., CSPNet, arXiv:1911.11929; the weights in the form of Hu
/// et al., arXiv:1709.01507, with one layer and a hard sigmoid.
///
/// `[batch, height, width, in]` to `[batch, height, width, out]`; checkpoint names `main_conv`, `short_conv`,
/// `final_conv`, `blocks.0`, …, `attention.fc`.
public final class CSPNeXtStage: UnaryLayer {
  public let entry: ConvolutionBlock
  public let straight: ConvolutionBlock
  public let mix: ConvolutionBlock
  public let blocks: [CSPNeXtBlock]
  public let attention: Convolution2D

  public init(channels: Int, blocks count: Int, shortcut: Bool) {
    let half = channels / 2
    func pointwise(_ from: Int, _ to: Int) -> ConvolutionBlock {
      ConvolutionBlock(inChannels: from, outChannels: to, epsilon: 1e-5, momentum: 0.1)
    }
    entry = pointwise(channels, half)
    straight = pointwise(channels, half)
    mix = pointwise(2 * half, channels)
    blocks = (0..<count).map { _ in CSPNeXtBlock(channels: half, shortcut: shortcut) }
    attention = Convolution2D(inChannels: 2 * half, outChannels: 2 * half)
  }

  public var members: [LayerMember] {
    [.layer("main_conv", entry), .layer("short_conv", straight), .layer("final_conv", mix)]
      + LayerMember.list("blocks", blocks) + [.layer("attention.fc", attention)]
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let join = ChannelJoin(widths: [entry.outChannels, straight.outChannels])
    let deep = Sequential(blocks)(entry(input, pass), pass, at: join.place(0))
    let joined = Tensor.concatenated([deep, straight(input, pass, at: join.place(1))], in: join)
    return mix(joined * attention(joined.spatialMean(), pass).applying(.hardSigmoid), pass)
  }
}
