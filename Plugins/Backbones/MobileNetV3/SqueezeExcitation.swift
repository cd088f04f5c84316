public import Layers
public import Tensor

/// Weighs channels by what their averages say, with a hard sigmoid.
///
/// Source: Hu et al., Squeeze-and-Excitation Networks, arXiv:1709.01507; in this form Howard et al., MobileNetV3,
/// arXiv:1905.02244.
///
/// `[batch, height, width, channels]` to the same shape; checkpoint names `fc1`, `fc2`.
public final class SqueezeExcitation: UnaryLayer {
  public let squeeze: Convolution2D
  public let excite: Convolution2D

  public init(channels: Int, squeezed: Int) {
    squeeze = Convolution2D(inChannels: channels, outChannels: squeezed)
    excite = Convolution2D(inChannels: squeezed, outChannels: channels)
    for layer in [squeeze, excite] {
      layer.scaleByFanOut()
      layer.bias?.initializer = .constant(0)
    }
  }

  public var members: [LayerMember] { [.layer("fc1", squeeze), .layer("fc2", excite)] }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let squeezed = squeeze(input.spatialMean(), pass).applying(.relu)
    return input * excite(squeezed, pass).applying(.hardSigmoid)
  }
}
