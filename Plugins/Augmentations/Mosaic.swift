internal import Imaging
public import PoseCore

/// Joins four pictures around a random centre on a canvas of twice the network's size.
///
/// The affine step that follows brings the canvas to the network's size. The three partners are recent
/// pictures of the epoch, as in the reference.
///
/// Source: Bochkovskiy et al., YOLOv4, arXiv:2004.10934.
public struct Mosaic: Augmentation {
  public var probability: Double

  public init(probability: Double = 1) { self.probability = probability }

  public var joinsImages: Bool { true }

  public func callAsFunction(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    guard context.random.bernoulli(probability) else { return sample }
    var samples = [sample]
    for _ in 0..<3 {
      samples.append(try context.load(context.drawPartner()))
    }
    let side = Double(context.imageSize)
    let y = Int(context.random.uniform(side / 2, 1.5 * side))
    let x = Int(context.random.uniform(side / 2, 1.5 * side))
    return Mosaic.apply(to: samples, centre: (x, y), imageSize: context.imageSize)
  }

  /// Pastes the pictures: upper left, upper right, lower left, lower right, each with its inner corner at the
  /// centre and cut at the canvas.
  ///
  /// - Parameters:
  ///   - samples: four.
  ///   - centre: column and row on the canvas.
  ///   - imageSize: half the canvas' side.
  public static func apply(
    to samples: [TrainingSample], centre: (x: Int, y: Int), imageSize: Int
  ) -> TrainingSample {
    precondition(samples.count == 4, "Mosaic: \(samples.count) pictures")
    let canvas = ImageSize(side: 2 * imageSize)
    var image = Image(width: canvas.width, height: canvas.height, fill: (114, 114, 114))
    var instances: [Instance] = []
    for (place, sample) in samples.enumerated() {
      let x = place % 2 == 0 ? centre.x - sample.image.width : centre.x
      let y = place < 2 ? centre.y - sample.image.height : centre.y
      image.paste(sample.image, x: x, y: y)
      for instance in sample.instances {
        let moved = instance.shifted(x: Float(x), y: Float(y)).clipped(to: canvas)
        if moved.box.area > 0 { instances.append(moved) }
      }
    }
    return TrainingSample(image: image, instances: instances, index: samples[0].index)
  }
}

extension Mosaic {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "mosaic", summary: "Joins four pictures around a random centre.",
    reference: "Bochkovskiy et al., YOLOv4, arXiv:2004.10934",
    parameters: [
      .init("p", .float(0...1), default: 1.0, help: "probability", aliases: ["probability"])
    ]
  ) { arguments, _ in
    Mosaic(probability: try arguments.double("p"))
  }
}
