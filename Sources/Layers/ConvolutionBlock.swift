import Tensor

/// Convolution without bias, batch normalisation, activation: the brick of the YOLO family.
///
/// `[batch, height, width, in]` to `[batch, height', width', out]`; checkpoint names `conv` and `bn`.
public final class ConvolutionBlock: PlacingLayer {
  public let convolution: Convolution2D
  public let norm: BatchNorm2D
  /// Set before the first pass.
  public var activation: Activation
  private var folded: Folded?

  private struct Folded {
    let version: Int
    let weight: Tensor
    let bias: Tensor
  }

  /// - Parameter padding: kernel / 2 (of the dilated kernel) if nil.
  public init(
    inChannels: Int, outChannels: Int, kernel: Int = 1, stride: Int = 1, padding: Int? = nil, groups: Int = 1,
    dilation: Int = 1, activation: Activation = .silu, epsilon: Float = 1e-3, momentum: Float = 0.03
  ) {
    let reach = dilation * (kernel - 1) + 1
    convolution = Convolution2D(
      inChannels: inChannels, outChannels: outChannels, kernel: kernel,
      options: ConvolutionOptions(
        stride: stride, padding: padding ?? reach / 2, dilation: dilation, groups: groups), bias: false)
    norm = BatchNorm2D(outChannels, epsilon: epsilon, momentum: momentum)
    self.activation = activation
  }

  public var outChannels: Int { convolution.weight.shape[0] }

  public var members: [LayerMember] { [.layer("conv", convolution), .layer("bn", norm)] }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass, at place: OutputPlace?) -> Tensor {
    let input = input.converted(to: pass.precision)
    switch pass.mode {
    case .training where !norm.isFrozen:
      return input.convolutionNormalized(
        weight: convolution.weight(pass), convolution.options,
        normalization: norm.normalization(pass, activation: activation), at: place)
    case .inference where !pass.recordsGradients:
      let folded = foldedWeight(on: input.device)
      return input.convolution(
        weight: folded.weight, bias: folded.bias, convolution.options, activation: activation,
        weightVersion: WeightVersion(identity: ObjectIdentifier(self).hashValue, version: folded.version),
        at: place)
    case .training, .evaluation, .inference:
      return norm(convolution(input, pass), pass).applying(activation).converted(to: pass.precision)
    }
  }

  /// The weight with running statistics multiplied in, kept until the model's numbers change.
  private func foldedWeight(on device: Device) -> Folded {
    let version = convolution.weight.storage?.store?.version ?? -1
    if let folded, folded.version == version, version >= 0, folded.weight.device === device { return folded }
    let (scale, shift) = norm.running()
    var numbers = convolution.weight.value.copyToHost()
    let perOutput = numbers.count / scale.count
    for out in scale.indices {
      for index in (out * perOutput)..<((out + 1) * perOutput) { numbers[index] *= scale[out] }
    }
    let result = Folded(
      version: version, weight: Tensor(numbers, shape: convolution.weight.shape, on: device),
      bias: Tensor(shift, shape: [shift.count], on: device))
    folded = result
    return result
  }
}
