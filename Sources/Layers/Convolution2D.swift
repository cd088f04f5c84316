import Tensor

/// A plain convolution with an optional bias: `[batch, height, width, in]` to `[batch, height', width', out]`.
///
/// What it gives are 32-bit floats whatever the pass's precision: in most models these are the last layers, whose
/// numbers are coordinates and logits.
public final class Convolution2D: UnaryLayer {
  public let weight: Parameter
  public let bias: Parameter?
  public let options: ConvolutionOptions

  public init(
    inChannels: Int, outChannels: Int, kernel: Int = 1, options: ConvolutionOptions = ConvolutionOptions(),
    bias: Bool = true
  ) {
    let fanIn = inChannels / options.groups * kernel * kernel
    weight = Parameter(
      [outChannels, inChannels / options.groups, kernel, kernel], role: .weight, initializer: .fanIn(fanIn))
    self.bias = bias ? Parameter([outChannels], role: .bias, initializer: .fanIn(fanIn)) : nil
    self.options = options
  }

  public var members: [LayerMember] {
    [.parameter("weight", weight)] + (bias.map { [.parameter("bias", $0)] } ?? [])
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    input.converted(to: pass.precision)
      .convolution(weight: weight(pass), bias: bias?(pass), options, precision: .float32)
  }
}
