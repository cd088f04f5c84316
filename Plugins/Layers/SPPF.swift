public import Layers
public import PoseCore
public import Tensor

/// Pools the same map several times over and joins all results, so that each position sees several radii.
///
/// Source: He et al., Spatial Pyramid Pooling, arXiv:1406.4729; as a chain in YOLOv5.
///
/// `[batch, height, width, in]` to `[batch, height, width, out]`; checkpoint names `cv1`, `cv2`.
public final class SPPF: PlacingLayer {
  public let entry: ConvolutionBlock
  public let mix: ConvolutionBlock
  public let kernel: Int
  public let pools: Int
  public let addsInput: Bool

  /// - Parameters:
  ///   - kernel: side of the pooling window, odd.
  ///   - pools: how often the map is pooled.
  ///   - activation: of the first convolution.
  public init(
    inChannels: Int, outChannels: Int, hidden: Int, kernel: Int = 5, pools: Int = 3,
    activation: Activation = .silu, shortcut: Bool = false
  ) {
    entry = ConvolutionBlock(inChannels: inChannels, outChannels: hidden, activation: activation)
    mix = ConvolutionBlock(inChannels: hidden * (pools + 1), outChannels: outChannels)
    self.kernel = kernel
    self.pools = pools
    addsInput = shortcut && inChannels == outChannels
  }

  public var members: [LayerMember] { [.layer("cv1", entry), .layer("cv2", mix)] }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass, at place: OutputPlace?) -> Tensor {
    let join = ChannelJoin(widths: [Int](repeating: entry.outChannels, count: pools + 1))
    var maps = [entry(input, pass, at: join.place(0))]
    for index in 0..<pools {
      maps.append(maps[index].maxPooled(kernel: kernel, padding: kernel / 2, at: join.place(index + 1)))
    }
    let joined = Tensor.concatenated(maps, in: join)
    return addsInput ? mix(joined, pass).adding(input, at: place) : mix(joined, pass, at: place)
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "SPPF", summary: "Repeated max pooling whose results are joined.", reference: "arXiv:1406.4729",
    parameters: [
      .channels, .kernel(5),
      .init("pools", .int(1...16), default: 3, help: "how often the map is pooled", aliases: ["n"]),
      .shortcut(false),
      .init(
        "activation", .bool, default: .null,
        help: "SiLU after the first convolution; by default only where 'pools' is not given, as in YOLO"),
    ]
  ) { arguments, context in
    let input = try context.singleInput(of: arguments)
    let channels = try context.outputChannels(of: arguments)
    let hidden = try context.hiddenChannels(input.channels, expansion: 0.5, of: arguments)
    let kernel = try arguments.int("kernel")
    _ = try context.checkedPadding(nil, kernel: kernel, stride: 1, dilation: 1, of: arguments)
    let activates = try arguments.optionalBool("activation") ?? !arguments.isGiven("pools")
    let layer = SPPF(
      inChannels: input.channels, outChannels: channels, hidden: hidden, kernel: kernel,
      pools: try arguments.int("pools"), activation: activates ? .silu : .identity,
      shortcut: try arguments.bool("shortcut"))
    return BuiltLayer(layer, output: FeatureShape(channels: channels, stride: input.stride))
  }
}
