internal import Config
public import Layers
public import PoseCore
public import Tensor

/// The layer `Concat`: joins maps of one size along their channels.
public final class Concatenation: JoiningLayer {
  public init() {}

  public var members: [LayerMember] { [] }

  public func callAsFunction(_ inputs: [Tensor], _ pass: ForwardPass, in join: ChannelJoin?) -> Tensor {
    Tensor.concatenated(inputs, in: join)
  }

  public static let component = Component<LayerContext, BuiltLayer>(
    "Concat", summary: "Joins maps of one size along their channels.",
    parameters: [
      .init("dimension", .int(1...1), default: 1, help: "always 1, the channels, as recipes number axes")
    ]
  ) { arguments, context in
    guard let first = context.inputs.first else {
      throw Diagnostic(.error, "\(arguments.owner) gets no map to join", at: arguments.location)
    }
    guard context.inputs.allSatisfy({ $0.stride == first.stride }) else {
      let strides = context.inputs.map { String($0.stride) }.joined(separator: " and ")
      throw Diagnostic(
        .error, "\(arguments.owner) joins maps of one size, but gets maps of stride \(strides)",
        at: arguments.location)
    }
    let channels = context.inputs.reduce(0) { $0 + $1.channels }
    return BuiltLayer(Concatenation(), output: FeatureShape(channels: channels, stride: first.stride))
  }
}
