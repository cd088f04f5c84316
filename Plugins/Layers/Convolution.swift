internal import Config
internal import Layers
public import PoseCore

/// The layer `Conv`: convolution without bias, batch normalisation, SiLU.
///
/// Source: Ioffe and Szegedy, Batch Normalization, arXiv:1502.03167; Elfwing et al., SiLU, arXiv:1702.03118.
public enum Convolution {
  public static let component = Component<LayerContext, BuiltLayer>(
    "Conv", summary: "Convolution, batch normalisation and SiLU.",
    reference: "arXiv:1502.03167, arXiv:1702.03118",
    parameters: [.channels, .kernel(1), .stride, .padding, .groups, .dilation, .activation]
  ) { arguments, context in
    let input = try context.singleInput(of: arguments)
    let channels = try context.outputChannels(of: arguments)
    let groups = try arguments.int("groups")
    try context.check(groups: groups, divide: input.channels, channels, of: arguments)
    return try build(
      arguments, context, input, channels: channels, groups: groups,
      padding: try arguments.optionalInt("padding"))
  }

  /// Shared with `DWConv`, which has the same arguments but groups and padding.
  static func build(
    _ arguments: Arguments, _ context: LayerContext, _ input: FeatureShape, channels: Int, groups: Int,
    padding: Int? = nil
  ) throws(Diagnostic) -> BuiltLayer {
    let (kernel, stride) = (try arguments.int("kernel"), try arguments.int("stride"))
    let dilation = try arguments.int("dilation")
    let padding = try context.checkedPadding(
      padding, kernel: kernel, stride: stride, dilation: dilation, of: arguments)
    let layer = ConvolutionBlock(
      inChannels: input.channels, outChannels: channels, kernel: kernel, stride: stride, padding: padding,
      groups: groups, dilation: dilation, activation: try arguments.bool("activation") ? .silu : .identity)
    return BuiltLayer(layer, output: FeatureShape(channels: channels, stride: input.stride * stride))
  }
}
