public import Layers
public import PoseCore
public import Tensor

/// Weighs channels by their averages, then positions by the average and the maximum over their channels.
///
/// Source: Woo et al., CBAM, arXiv:1807.06521; with one layer on the averages alone for the channels, as the YOLO tools
/// have it.
///
/// `[batch, height, width, channels]` to the same shape; checkpoint names `channel_attention.fc`,
/// `spatial_attention.cv1`.
public final class CBAM: UnaryLayer {
  public let channelWeights: Convolution2D
  public let positionWeights: Convolution2D

  /// - Parameter kernel: of the convolution that weighs positions, odd.
  public init(channels: Int, kernel: Int = 7) {
    channelWeights = Convolution2D(inChannels: channels, outChannels: channels)
    positionWeights = Convolution2D(
      inChannels: 2, outChannels: 1, kernel: kernel, options: ConvolutionOptions(padding: kernel / 2),
      bias: false)
  }

  public var members: [LayerMember] {
    [.layer("channel_attention.fc", channelWeights), .layer("spatial_attention.cv1", positionWeights)]
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let map = input * channelWeights(input.spatialMean(), pass).applying(.sigmoid)
    let statistics = Tensor.concatenated([map.mean(axis: 3), map.channelMaximum()])
    return map * positionWeights(statistics, pass).applying(.sigmoid)
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "CBAM", summary: "Weighs channels, then positions (convolutional block attention).",
    reference: "arXiv:1807.06521",
    parameters: [
      .keptChannels,
      .init(
        "kernel", .int(3...15), default: 7, help: "of the positions' weights, odd",
        aliases: ["k", "kernel_size"]),
    ]
  ) { arguments, context in
    let input = try context.keptInput(of: arguments)
    let kernel = try arguments.int("kernel")
    guard kernel % 2 == 1 else {
      throw arguments.error("\(arguments.owner) takes an odd kernel, but gets \(kernel)", at: "kernel")
    }
    return BuiltLayer(CBAM(channels: input.channels, kernel: kernel), output: input)
  }
}
