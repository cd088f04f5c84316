public import PoseCore

/// The parts of models that mix feature maps of several levels.
public enum Necks: Plugin {
  public static let name = "Necks"

  public static func register(in registry: inout Registry) throws {
    try registry.necks.register(PathAggregation.component)
    try registry.necks.register(FeaturePyramid.component)
    try registry.necks.register(BidirectionalPyramid.component)
    try registry.necks.register(NoNeck.component)
  }
}
