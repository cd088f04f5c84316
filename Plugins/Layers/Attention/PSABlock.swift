internal import Config
public import Layers
internal import PoseCore
public import Tensor

/// Attention, then two pointwise convolutions, each added to its input.
///
/// Source: Wang et al., YOLOv10, arXiv:2405.14458, section 3.2 (partial self-attention).
///
/// `[batch, height, width, channels]` to the same shape; checkpoint names `attn`, `ffn.0`, `ffn.1`.
public final class PSABlock: UnaryLayer {
  public let attention: Attention
  public let feedForward: Sequential
  public let addsInput: Bool

  /// - Precondition: see `Attention`.
  public init(channels: Int, heads: Int, keyRatio: Double = 0.5, shortcut: Bool = true) {
    attention = Attention(channels: channels, heads: heads, keyRatio: keyRatio)
    feedForward = Sequential([
      ConvolutionBlock(inChannels: channels, outChannels: 2 * channels),
      ConvolutionBlock(inChannels: 2 * channels, outChannels: channels, activation: .identity),
    ])
    addsInput = shortcut
  }

  /// With one head for every 64 channels.
  ///
  /// - Throws: where the heads do not divide the channels.
  convenience init(channels: Int, of arguments: Arguments) throws(Diagnostic) {
    let heads = max(channels / 64, 1)
    guard channels % heads == 0, channels / heads >= 2 else {
      throw Diagnostic(
        .error, "\(arguments.owner): its \(channels) inner channels do not fit \(heads) heads of attention",
        at: arguments.location)
    }
    self.init(channels: channels, heads: heads)
  }

  public var members: [LayerMember] { [.layer("attn", attention), .layer("ffn", feedForward)] }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let attended = addsInput ? input + attention(input, pass) : attention(input, pass)
    let fed = feedForward(attended, pass)
    return addsInput ? attended + fed : fed
  }
}
