public import Layers
public import PoseCore
public import Tensor

/// Partial self-attention: half of the channels run through attention blocks, the others stay as they are.
///
/// Source: Wang et al., YOLOv10, arXiv:2405.14458, section 3.2; with several blocks in YOLO11.
///
/// `[batch, height, width, channels]` to the same shape; checkpoint names `cv1`, `cv2`, `m.0`, …
public final class C2PSA: PlacingLayer {
  public let entry: ConvolutionBlock
  public let mix: ConvolutionBlock
  public let blocks: [PSABlock]
  private let hidden: Int

  /// - Parameter blocks: of `hidden` channels each.
  public init(channels: Int, hidden: Int, blocks: [PSABlock]) {
    self.hidden = hidden
    self.blocks = blocks
    entry = ConvolutionBlock(inChannels: channels, outChannels: 2 * hidden)
    mix = ConvolutionBlock(inChannels: 2 * hidden, outChannels: channels)
  }

  public var members: [LayerMember] {
    [.layer("cv1", entry), .layer("cv2", mix)] + LayerMember.list("m", blocks)
  }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass, at place: OutputPlace?) -> Tensor {
    let halves = entry(input, pass).split([hidden, hidden])
    let attended = blocks.reduce(halves[1]) { $1($0, pass) }
    return mix(Tensor.concatenated([halves[0], attended]), pass, at: place)
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "C2PSA", summary: "Attention over half of the channels (YOLO11).", reference: "arXiv:2405.14458",
    parameters: [.channels, .expansion(0.5)]
  ) { arguments, context in
    let input = try context.singleInput(of: arguments)
    let channels = try context.outputChannels(of: arguments)
    guard channels == input.channels else {
      throw arguments.error(
        "\(arguments.owner) gives as many channels as it takes: \(input.channels) here, not \(channels)",
        at: "channels")
    }
    let hidden = try context.hiddenChannels(
      channels, expansion: try arguments.double("expansion"), of: arguments)
    let blocks = try (0..<context.repeats).map { _ in try PSABlock(channels: hidden, of: arguments) }
    return BuiltLayer(
      C2PSA(channels: channels, hidden: hidden, blocks: blocks), output: input, usesRepeats: true)
  }
}
