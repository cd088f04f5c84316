public import Layers
public import PoseCore
public import Tensor

/// The layer `SE`: weighs channels by what two layers make of their averages.
///
/// Source: Hu et al., Squeeze-and-Excitation Networks, arXiv:1709.01507; with a hard sigmoid Howard et al.,
/// MobileNetV3, arXiv:1905.02244.
///
/// `[batch, height, width, channels]` to the same shape; checkpoint names `fc1`, `fc2`.
public final class SqueezeExcitation: UnaryLayer {
  public let squeeze: Convolution2D
  public let excite: Convolution2D
  private let gate: Activation

  /// - Parameters:
  ///   - squeezed: channels between the two layers.
  ///   - gate: what makes weights of the second layer's output.
  public init(channels: Int, squeezed: Int, gate: Activation = .sigmoid) {
    self.gate = gate
    squeeze = Convolution2D(inChannels: channels, outChannels: squeezed)
    excite = Convolution2D(inChannels: squeezed, outChannels: channels)
  }

  public var members: [LayerMember] { [.layer("fc1", squeeze), .layer("fc2", excite)] }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let squeezed = squeeze(input.spatialMean(), pass).applying(.relu)
    return input * excite(squeezed, pass).applying(gate)
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "SE", summary: "Weighs channels by their averages (squeeze and excitation).",
    reference: "arXiv:1709.01507",
    parameters: [
      .keptChannels,
      .init("reduction", .int(1...256), default: 16, help: "input channels for each one between the layers"),
    ]
  ) { arguments, context in
    let input = try context.keptInput(of: arguments)
    let squeezed = max(1, input.channels / (try arguments.int("reduction")))
    return BuiltLayer(SqueezeExcitation(channels: input.channels, squeezed: squeezed), output: input)
  }
}
