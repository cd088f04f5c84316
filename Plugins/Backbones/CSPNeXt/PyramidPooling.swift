public import Layers
public import Tensor

/// Joins a map with its maxima over windows of several sizes.
///
/// Source: He et al., Spatial Pyramid Pooling, arXiv:1406.4729; in this form Redmon and Farhadi, YOLOv3,
/// arXiv:1804.02767 (windows of 5, 9 and 13).
///
/// `[batch, height, width, channels]` to the same shape; checkpoint names `conv1`, `conv2`.
public final class PyramidPooling: UnaryLayer {
  public let entry: ConvolutionBlock
  public let mix: ConvolutionBlock

  public init(channels: Int) {
    entry = ConvolutionBlock(
      inChannels: channels, outChannels: channels / 2, epsilon: 1e-5, momentum: 0.1)
    mix = ConvolutionBlock(
      inChannels: 4 * (channels / 2), outChannels: channels, epsilon: 1e-5, momentum: 0.1)
  }

  public var members: [LayerMember] { [.layer("conv1", entry), .layer("conv2", mix)] }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    // A window of 9 is two of 5 in a row, one of 13 is three.
    let join = ChannelJoin(widths: [Int](repeating: entry.outChannels, count: 4))
    var maps = [entry(input, pass, at: join.place(0))]
    for index in 0..<3 {
      maps.append(maps[index].maxPooled(kernel: 5, padding: 2, at: join.place(index + 1)))
    }
    return mix(Tensor.concatenated(maps, in: join), pass)
  }
}
