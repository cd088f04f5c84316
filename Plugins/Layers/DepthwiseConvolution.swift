public import PoseCore

/// The layer `DWConv`: a `Conv` with as many groups as input and output channels allow.
///
/// Source: Howard et al., MobileNets, arXiv:1704.04861, section 3.1.
public enum DepthwiseConvolution {
  public static let component = Component<LayerContext, BuiltLayer>(
    "DWConv", summary: "Depthwise convolution, batch normalisation and SiLU.", reference: "arXiv:1704.04861",
    parameters: [.channels, .kernel(1), .stride, .dilation, .activation]
  ) { arguments, context in
    let input = try context.singleInput(of: arguments)
    let channels = try context.outputChannels(of: arguments)
    return try Convolution.build(
      arguments, context, input, channels: channels,
      groups: greatestCommonDivisor(input.channels, channels))
  }

  static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }
}
