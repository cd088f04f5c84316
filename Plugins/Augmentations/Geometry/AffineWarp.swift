public import Imaging
public import PoseCore
internal import Tensor

/// Turns, scales, shears, shifts and tilts the picture at random about its centre, onto a square of the network's
/// size.
///
/// Without a mosaic the source is the resized picture, which lands in the middle of grey; with one it is the canvas
/// of twice the size, of which the middle is cut out. Both are one step here as in the reference.
public struct AffineWarp: Augmentation {
  /// Largest rotation to either side, in degrees.
  public var degrees: Double
  /// Largest shift to either side, as a share of the output.
  public var translate: Double
  /// The scale is drawn from 1 - `scale` to 1 + `scale`.
  public var scale: Double
  /// Largest shear to either side, in degrees.
  public var shear: Double
  /// Largest tilt, in 1/pixel.
  public var perspective: Double
  public var filter: WarpedBoxFilter

  public init(
    degrees: Double = 0, translate: Double = 0.1, scale: Double = 0.5, shear: Double = 0,
    perspective: Double = 0, filter: WarpedBoxFilter = WarpedBoxFilter()
  ) {
    self.degrees = degrees
    self.translate = translate
    self.scale = scale
    self.shear = shear
    self.perspective = perspective
    self.filter = filter
  }

  public func callAsFunction(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    AffineWarp.apply(
      to: sample, draw(from: &context.random), output: ImageSize(side: context.imageSize), filter: filter)
  }

  /// Draws in the reference's order; always eight numbers.
  func draw(from random: inout RandomStream) -> WarpParameters {
    func symmetric(_ limit: Double, around middle: Double = 0) -> Double {
      middle + limit * (2 * random.uniform() - 1)
    }
    return WarpParameters(
      perspectiveX: symmetric(perspective), perspectiveY: symmetric(perspective),
      degrees: symmetric(degrees), scale: symmetric(scale, around: 1), shearX: symmetric(shear),
      shearY: symmetric(shear), translateX: symmetric(translate, around: 0.5),
      translateY: symmetric(translate, around: 0.5))
  }

  /// Warps picture and labels. Objects of which the edge leaves too little are dropped.
  public static func apply(
    to sample: TrainingSample, _ parameters: WarpParameters, output: ImageSize,
    filter: WarpedBoxFilter = WarpedBoxFilter()
  ) -> TrainingSample {
    let map = parameters.matrix(from: sample.image.size, to: output)
    let scale = Float(parameters.scale)
    let instances = sample.instances.compactMap { instance -> Instance? in
      let moved = instance.mapped(box: map.map, point: map.map).clipped(to: output)
      return filter.keeps(before: instance.box.corners * scale, after: moved.box.corners) ? moved : nil
    }
    return TrainingSample(
      image: sample.image.warped(by: map, to: output), instances: instances, index: sample.index)
  }
}

extension AffineWarp {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "affine", summary: "Rotates, scales, shears, shifts and tilts the picture onto the network's square.",
    parameters: [
      .init("degrees", .float(0...180), default: 0.0, help: "largest rotation to either side, in degrees"),
      .init("translate", .float(0...1), default: 0.1, help: "largest shift, as a share of the image's side"),
      .init("scale", .float(0...0.99), default: 0.5, help: "size is drawn from 1 - scale to 1 + scale"),
      .init("shear", .float(0...80), default: 0.0, help: "largest shear to either side, in degrees"),
      .init("perspective", .float(0...0.001), default: 0.0, help: "largest tilt, in 1/pixel"),
      .init(
        "min_area", .float(0...1), default: 0.1,
        help: "share of a box that must stay inside for it to be kept"),
    ]
  ) { arguments, _ in
    AffineWarp(
      degrees: try arguments.double("degrees"), translate: try arguments.double("translate"),
      scale: try arguments.double("scale"), shear: try arguments.double("shear"),
      perspective: try arguments.double("perspective"),
      filter: WarpedBoxFilter(minimumAreaRatio: try arguments.float("min_area")))
  }
}
