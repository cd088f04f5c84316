public import Layers
public import Tensor

/// Multi-head self-attention over the positions of a map, with a depthwise convolution of the values that tells
/// where they lie.
///
/// Source: Vaswani et al., arXiv:1706.03762; Chu et al., Conditional Positional Encodings, arXiv:2102.10882; in this
/// form Wang et al., YOLOv10, arXiv:2405.14458, section 3.2.
///
/// `[batch, height, width, channels]` to the same shape; checkpoint names `qkv`, `proj`, `pe`.
public final class Attention: UnaryLayer {
  public let heads: Int
  /// Channels of one head's values.
  public let valueChannels: Int
  /// Channels of one head's queries and keys.
  public let keyChannels: Int
  public let packed: ConvolutionBlock
  public let projection: ConvolutionBlock
  public let position: ConvolutionBlock

  /// - Parameter keyRatio: channels of keys as a share of those of values.
  /// - Precondition: `heads` divides `channels`; keys have at least one channel.
  public init(channels: Int, heads: Int, keyRatio: Double = 0.5) {
    precondition(channels % heads == 0, "Attention: \(heads) heads do not divide \(channels) channels")
    self.heads = heads
    valueChannels = channels / heads
    keyChannels = Int(Double(channels / heads) * keyRatio)
    precondition(keyChannels > 0, "Attention: no channels for keys")
    packed = ConvolutionBlock(
      inChannels: channels, outChannels: channels + 2 * keyChannels * heads, activation: .identity)
    projection = ConvolutionBlock(inChannels: channels, outChannels: channels, activation: .identity)
    position = ConvolutionBlock(
      inChannels: channels, outChannels: channels, kernel: 3, groups: channels, activation: .identity)
  }

  public var members: [LayerMember] {
    [.layer("qkv", packed), .layer("proj", projection), .layer("pe", position)]
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let all = packed(input, pass)
    let attended = all.attention(heads: heads, keyChannels: keyChannels, valueChannels: valueChannels)
    return projection(attended + position(values(of: all), pass), pass)
  }

  /// The value channels of all heads side by side.
  private func values(of all: Tensor) -> Tensor {
    let perHead = 2 * keyChannels + valueChannels
    return Tensor.concatenated(
      (0..<heads).map { head in
        let start = head * perHead + 2 * keyChannels
        return all.slice(channels: start..<(start + valueChannels))
      })
  }
}
