internal import Config
internal import PoseCore

// What the layers share that weigh their input and keep its shape.

extension ParameterDeclaration {
  static let keptChannels = ParameterDeclaration(
    "channels", .int(1...LayerContext.maximumChannels), default: .null,
    help: "the input's channels, before or after the model's scale; the layer keeps them")
}

extension LayerContext {
  /// The input of a layer that keeps its shape, checked against the argument `channels`.
  func keptInput(of arguments: Arguments) throws(Diagnostic) -> FeatureShape {
    let input = try singleInput(of: arguments)
    if let channels = try arguments.optionalInt("channels"), channels != input.channels,
      scale.channels(channels) != input.channels
    {
      throw arguments.error(
        "\(arguments.owner) keeps its input's \(input.channels) channels, but is told \(channels); "
          + "leave them out", at: "channels")
    }
    return input
  }
}
