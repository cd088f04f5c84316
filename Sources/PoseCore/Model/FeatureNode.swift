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

  func run(_ inputs: [Tensor], _ pass: ForwardPass) -> [Tensor] {
    switch unit {
    case .layer(let layer): [layer(inputs, pass)]
    case .part(let part): part(inputs, pass)
    }
  }
}
