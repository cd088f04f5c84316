public import Layers

/// What a layer of a recipe is built for.
public struct LayerContext: Sendable {
  /// The layers it takes from, in order.
  public var inputs: [FeatureShape]
  /// How often the recipe wants it, already scaled. A layer that builds its own inner repeats says so in
  /// `BuiltLayer.usesRepeats`; others are chained.
  public var repeats: Int
  public var scale: ModelScale

  public init(inputs: [FeatureShape], repeats: Int = 1, scale: ModelScale = .full) {
    self.inputs = inputs
    self.repeats = repeats
    self.scale = scale
  }
}

/// A layer with the shape of what it gives.
public struct BuiltLayer {
  public var layer: any Layer
  public var output: FeatureShape
  public var usesRepeats: Bool

  public init(_ layer: any Layer, output: FeatureShape, usesRepeats: Bool = false) {
    self.layer = layer
    self.output = output
    self.usesRepeats = usesRepeats
  }
}
