public import Layers
public import Tensor

/// Convolutions whose result is added to the input, which a pointwise convolution brings to the same shape where needed.
///
/// Source: He et al., Deep Residual Learning, arXiv:1512.03385, figure 5; with the stride in the 3×3 convolution of a
/// bottleneck, as in torchvision.
///
/// `[batch, height, width, in]` to `[batch, height / stride, width / stride, out]`; checkpoint names `conv1`, `bn1`,
/// `conv2`, …, `downsample.0`, `downsample.1`.
public final class ResidualBlock: UnaryLayer {
  /// Two 3×3 convolutions, or a pointwise, a 3×3 and a pointwise one.
  public enum Kind: Sendable {
    case basic
    case bottleneck

    /// Output channels for each channel inside.
    public var expansion: Int { self == .basic ? 1 : 4 }
  }

  public let convolutions: [ConvolutionBlock]
  public let projection: ConvolutionBlock?
  public let outChannels: Int

  /// - Parameter channels: of the 3×3 convolution.
  public init(_ kind: Kind, inChannels: Int, channels: Int, stride: Int = 1) {
    func block(
      _ from: Int, _ to: Int, kernel: Int, stride: Int = 1, activation: Activation = .relu
    ) -> ConvolutionBlock {
      ConvolutionBlock(
        inChannels: from, outChannels: to, kernel: kernel, stride: stride, activation: activation,
        epsilon: 1e-5, momentum: 0.1
      ).scaledByFanOut()
    }
    outChannels = channels * kind.expansion
    convolutions =
      switch kind {
      case .basic:
        [
          block(inChannels, channels, kernel: 3, stride: stride),
          block(channels, outChannels, kernel: 3, activation: .identity),
        ]
      case .bottleneck:
        [
          block(inChannels, channels, kernel: 1), block(channels, channels, kernel: 3, stride: stride),
          block(channels, outChannels, kernel: 1, activation: .identity),
        ]
      }
    projection =
      stride == 1 && inChannels == outChannels
      ? nil : block(inChannels, outChannels, kernel: 1, stride: stride, activation: .identity)
  }

  public var members: [LayerMember] {
    convolutions.enumerated().flatMap { $0.element.members("conv\($0.offset + 1)", "bn\($0.offset + 1)") }
      + (projection?.members("downsample.0", "downsample.1") ?? [])
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let output = convolutions.reduce(input) { $1($0, pass) }
    return (output + (projection?(input, pass) ?? input)).applying(.relu)
  }
}
