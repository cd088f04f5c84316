internal import Config
public import Layers
public import PoseCore
public import Tensor

/// The layer `Upsample`: repeats each position in both directions.
public final class Upsampling: PlacingLayer {
  public let factor: Int

  public init(factor: Int) { self.factor = factor }

  public var members: [LayerMember] { [] }

  public func callAsFunction(_ input: Tensor, _ pass: ForwardPass, at place: OutputPlace?) -> Tensor {
    input.upsampledNearest(factor: factor, at: place)
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "Upsample", aliases: ["nn.Upsample"], summary: "Enlarges a map by repeating each position.",
    parameters: [
      .init("size", .int(1...1), default: .null, help: "stays empty; the size follows from the factor"),
      .init("factor", .int(1...32), default: 2, help: "how much larger", aliases: ["scale_factor"]),
      .init("mode", .string(["nearest"]), default: "nearest", help: "how values in between are found"),
    ]
  ) { arguments, context in
    let input = try context.singleInput(of: arguments)
    let factor = try arguments.int("factor")
    guard try arguments.node("size").isNull else {
      throw arguments.error("\(arguments.owner) takes no size; give None and a factor", at: "size")
    }
    guard input.stride % factor == 0 else {
      throw arguments.error(
        "\(arguments.owner): a map of stride \(input.stride) cannot be enlarged \(factor) times", at: "factor"
      )
    }
    return BuiltLayer(
      Upsampling(factor: factor),
      output: FeatureShape(channels: input.channels, stride: input.stride / factor))
  }
}
