public import Imaging
public import PoseCore

/// Tilts the picture at random about its centre, which stays where it is, at the same size.
///
/// The tilt of `AffineWarp` by itself, for lists that want no other warp.
///
/// Source: Hartley and Zisserman, Multiple View Geometry, section 2.4 (projective maps of the plane).
public struct PerspectiveTilt: ChanceAugmentation {
  public var probability: Double
  /// Largest tilt either way, in 1/pixel.
  public var tilt: Double
  public var filter: WarpedBoxFilter

  public init(probability: Double = 0.5, tilt: Double = 0.0005, filter: WarpedBoxFilter = WarpedBoxFilter()) {
    self.probability = probability
    self.tilt = tilt
    self.filter = filter
  }

  public func changed(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    let warp = AffineWarp(translate: 0, scale: 0, perspective: tilt, filter: filter)
    return AffineWarp.apply(
      to: sample, warp.draw(from: &context.random), output: sample.image.size, filter: filter)
  }
}

extension PerspectiveTilt {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "perspective", summary: "Tilts the picture about its centre.",
    reference: "Hartley and Zisserman, Multiple View Geometry in Computer Vision, 2.4",
    parameters: [
      .probability(0.5),
      .init("tilt", .float(0...0.001), default: 0.0005, help: "largest tilt either way, in 1/pixel"),
      .init(
        "min_area", .float(0...1), default: 0.1,
        help: "share of a box that must stay inside for it to be kept"),
    ]
  ) { arguments, _ in
    PerspectiveTilt(
      probability: try arguments.double("p"), tilt: try arguments.double("tilt"),
      filter: WarpedBoxFilter(minimumAreaRatio: try arguments.float("min_area")))
  }
}
