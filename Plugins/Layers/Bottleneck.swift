public import Layers
public import PoseCore
public import Tensor

/// Two convolutions with an optional shortcut.
///
/// Source: He et al., Deep Residual Learning, arXiv:1512.03385; Redmon and Farhadi, YOLOv3, arXiv:1804.02767.
///
/// `[batch, height, width, in]` to `[batch, height, width, out]`; checkpoint names `cv1`, `cv2`.
public final class Bottleneck: PlacingLayer {
  public let first: ConvolutionBlock
  public let second: ConvolutionBlock
  /// Whether the input is added to the output: wanted, and channels agree.
  public let addsInput: Bool

  /// - Parameters:
  ///   - hidden: channels between the two convolutions.
  ///   - kernels: of the two convolutions.
  ///   - groups: of the second convolution.
  public init(
    inChannels: Int, outChannels: Int, hidden: Int, kernels: (Int, Int) = (3, 3), groups: Int = 1,
    shortcut: Bool = true
  ) {
    first = ConvolutionBlock(inChannels: inChannels, outChannels: hidden, kernel: kernels.0)
    second = ConvolutionBlock(
      inChannels: hidden, outChannels: outChannels, kernel: kernels.1, groups: groups)
    addsInput = shortcut && inChannels == outChannels
  }

  public var members: [LayerMember] { [.layer("cv1", first), .layer("cv2", second)] }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass, at place: OutputPlace?) -> Tensor {
    let inner = first(input, pass)
    return addsInput ? input.adding(second(inner, pass), at: place) : second(inner, pass, at: place)
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "Bottleneck", summary: "Two convolutions with a shortcut.", reference: "arXiv:1512.03385",
    parameters: [.channels, .shortcut(true), .groups, .kernel(3), .expansion(0.5)]
  ) { arguments, context in
    let input = try context.singleInput(of: arguments)
    let channels = try context.outputChannels(of: arguments)
    let hidden = try context.hiddenChannels(
      channels, expansion: try arguments.double("expansion"), of: arguments)
    let (kernel, groups) = (try arguments.int("kernel"), try arguments.int("groups"))
    try context.check(groups: groups, divide: hidden, channels, of: arguments)
    _ = try context.checkedPadding(nil, kernel: kernel, stride: 1, dilation: 1, of: arguments)
    let layer = Bottleneck(
      inChannels: input.channels, outChannels: channels, hidden: hidden, kernels: (kernel, kernel),
      groups: groups, shortcut: try arguments.bool("shortcut"))
    return BuiltLayer(layer, output: FeatureShape(channels: channels, stride: input.stride))
  }
}
