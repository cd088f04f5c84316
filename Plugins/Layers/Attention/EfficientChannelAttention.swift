internal import Foundation
public import Layers
public import PoseCore
public import Tensor

/// The layer `ECA`: weighs each channel by the averages of its neighbours among the channels.
///
/// Source: Wang et al., ECA-Net, arXiv:1910.03151.
///
/// `[batch, height, width, channels]` to the same shape; checkpoint name `conv.weight`, `[1, 1, kernel]`.
public final class EfficientChannelAttention: UnaryLayer {
  public let weight: Parameter
  public let kernel: Int

  /// - Parameter kernel: neighbours that count, odd.
  public init(kernel: Int) {
    self.kernel = kernel
    weight = Parameter([1, 1, kernel], role: .weight, initializer: .fanIn(kernel))
  }

  /// The odd number nearest to (log2 channels + 1) / 2, as the paper chooses it.
  public static func kernel(for channels: Int) -> Int {
    let width = Int(abs((log2(Double(channels)) + 1) / 2))
    return width % 2 == 1 ? width : width + 1
  }

  public var members: [LayerMember] { [.parameter("conv.weight", weight)] }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    let (batch, channels) = (input.shape[0], input.channels)
    // Channels lie along the width of a map one position high.
    let line = input.spatialMean().reshaped([batch, 1, channels, 1])
    let weights = line.convolution(
      weight: weight(pass).reshaped([1, 1, 1, kernel]), ConvolutionOptions(paddingX: kernel / 2))
    return input * weights.reshaped([batch, 1, 1, channels]).applying(.sigmoid)
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "ECA", summary: "Weighs channels by the averages of their neighbours (efficient channel attention).",
    reference: "arXiv:1910.03151",
    parameters: [
      .keptChannels,
      .init(
        "kernel", .int(1...31), default: .null,
        help: "neighbours that count, odd; by default it grows with the logarithm of the channels",
        aliases: ["k", "k_size"]),
    ]
  ) { arguments, context in
    let input = try context.keptInput(of: arguments)
    let kernel =
      try arguments.optionalInt("kernel")
      ?? EfficientChannelAttention.kernel(for: input.channels)
    guard kernel % 2 == 1 else {
      throw arguments.error("\(arguments.owner) takes an odd kernel, but gets \(kernel)", at: "kernel")
    }
    return BuiltLayer(EfficientChannelAttention(kernel: kernel), output: input)
  }
}
