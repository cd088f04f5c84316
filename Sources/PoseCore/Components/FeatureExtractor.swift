public import Layers
public import Tensor

/// Part of a model that gives several feature maps: a backbone (image to levels) or a neck (levels to levels).
public protocol FeatureExtractor: ParameterOwner {
  /// Shapes of what it gives, finest level first.
  var outputs: [FeatureShape] { get }
  /// - Parameter features: a backbone's is the image alone, `[batch, height, width, 3]`, numbers from 0 to 1.
  func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> [Tensor]
}

/// What a backbone or neck is built for.
public struct FeatureContext: Sendable {
  /// Shapes of what it takes; a backbone takes the image: 3 channels, stride 1.
  public var inputs: [FeatureShape]
  public var scale: ModelScale
  /// What the recipe of a part may name.
  public var layers: ComponentTable<LayerContext, BuiltLayer>

  public init(
    inputs: [FeatureShape], scale: ModelScale = .full, layers: ComponentTable<LayerContext, BuiltLayer>
  ) {
    self.inputs = inputs
    self.scale = scale
    self.layers = layers
  }
}
