public import Config
public import Layers
internal import Tensor

/// One step of a graph.
public struct FeatureNode {
  public enum Unit {
    case layer(any Layer)
    case part(any FeatureExtractor)
  }

  public var unit: Unit
  public var inputs: [FeatureGraph.Map]
  public var outputs: [FeatureShape]
  /// The registered name.
  public var name: String
  /// How the recipe writes where it takes from.
  public var from: String
  /// Scaled.
  public var repeats: Int
  /// Resolved, for descriptions.
  public var arguments: Node
}

extension FeatureNode {
  public var owner: any ParameterOwner {
    switch unit {
    case .layer(let layer): layer
    case .part(let part): part
    }
  }

  /// - Parameters:
  ///   - place: where a layer's map is to lie.
  ///   - join: whose places a joining layer's inputs may lie at.
  func run(
    _ inputs: [Tensor], _ pass: ForwardPass, at place: OutputPlace?, in join: ChannelJoin?
  ) -> [Tensor] {
    switch unit {
    case .layer(let layer as any JoiningLayer): [layer(inputs, pass, in: join)]
    case .layer(let layer): [layer(inputs, pass, at: place)]
    case .part(let part): part(inputs, pass)
    }
  }
}
