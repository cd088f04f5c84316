internal import Imaging
public import PoseCore

/// Joins four pictures around a random centre, or nine around the first, on a canvas of twice the network's size.
///
/// The affine step that follows brings the canvas to the network's size. The partners are recent pictures of the
/// epoch, as in the reference.
///
/// Source: Bochkovskiy et al., YOLOv4, arXiv:2004.10934; nine pictures as in the reference's `n=9`.
public struct Mosaic: ChanceAugmentation {
  /// How many pictures are joined.
  public enum Grid: Int, Sendable, CaseIterable {
    case two = 2
    case three = 3

    public var pictures: Int { rawValue * rawValue }
  }

  public var probability: Double
  public var grid: Grid

  public init(probability: Double = 1, grid: Grid = .two) {
    self.probability = probability
    self.grid = grid
  }

  public var joinsImages: Bool { true }

  public func changed(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    var samples = [sample]
    for _ in 1..<grid.pictures { samples.append(try context.load(context.drawPartner())) }
    if grid == .three { return Mosaic.apply(toNine: samples, imageSize: context.imageSize) }
    let side = Double(context.imageSize)
    let y = Int(context.random.uniform(side / 2, 1.5 * side))
    let x = Int(context.random.uniform(side / 2, 1.5 * side))
    return Mosaic.apply(to: samples, centre: (x, y), imageSize: context.imageSize)
  }

  /// Pastes four pictures: upper left, upper right, lower left, lower right, each with its inner corner at the
  /// centre and cut at the canvas.
  ///
  /// - Parameters:
  ///   - centre: column and row on the canvas.
  ///   - imageSize: half the canvas' side.
  public static func apply(
    to samples: [TrainingSample], centre: (x: Int, y: Int), imageSize: Int
  ) -> TrainingSample {
    precondition(samples.count == 4, "Mosaic: \(samples.count) pictures")
    let places = samples.enumerated().map { place, sample in
      (
        x: place % 2 == 0 ? centre.x - sample.image.width : centre.x,
        y: place < 2 ? centre.y - sample.image.height : centre.y
      )
    }
    return joined(samples, at: places, imageSize: imageSize)
  }

  /// Pastes nine pictures: the first with its upper left corner at a quarter of the canvas, the others around it
  /// clockwise from above, each against the one before.
  ///
  /// - Parameter imageSize: half the canvas' side, and no less than the sides of the pictures.
  public static func apply(toNine samples: [TrainingSample], imageSize: Int) -> TrainingSample {
    precondition(samples.count == 9, "Mosaic: \(samples.count) pictures")
    let start = imageSize / 2
    let (right, bottom) = (start + samples[0].image.width, start + samples[0].image.height)
    let places = samples.enumerated().map { place, sample -> (x: Int, y: Int) in
      let size = sample.image.size
      let before = samples[max(0, place - 1)].image.size
      return switch place {
      case 0: (start, start)
      case 1: (start, start - size.height)
      case 2: (start + before.width, start - size.height)
      case 3: (right, start)
      case 4: (right, start + before.height)
      case 5: (right - size.width, bottom)
      case 6: (right - before.width - size.width, bottom)
      case 7: (start - size.width, bottom - size.height)
      default: (start - size.width, bottom - before.height - size.height)
      }
    }
    return joined(samples, at: places, imageSize: imageSize)
  }

  /// Later pictures cover earlier ones; labels are cut at the canvas, and boxes of which nothing is left dropped.
  private static func joined(
    _ samples: [TrainingSample], at places: [(x: Int, y: Int)], imageSize: Int
  ) -> TrainingSample {
    let canvas = ImageSize(side: 2 * imageSize)
    let parts = zip(samples, places).map { (image: $0.image, x: $1.x, y: $1.y) }
    let image = Image(width: canvas.width, height: canvas.height, grey: 114, pasting: parts)
    var instances: [Instance] = []
    for (sample, place) in zip(samples, places) {
      for instance in sample.instances {
        let moved = instance.shifted(x: Float(place.x), y: Float(place.y)).clipped(to: canvas)
        if moved.box.area > 0 { instances.append(moved) }
      }
    }
    return TrainingSample(image: image, instances: instances, index: samples[0].index)
  }
}

extension Mosaic {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "mosaic", summary: "Joins four pictures around a random centre, or nine around the first.",
    reference: "Bochkovskiy et al., YOLOv4, arXiv:2004.10934",
    parameters: [
      .probability(1),
      .init("grid", .int(2...3), default: 2, help: "pictures a side: 2 joins four, 3 joins nine"),
    ]
  ) { arguments, _ in
    Mosaic(
      probability: try arguments.double("p"), grid: Grid(rawValue: try arguments.int("grid")) ?? .two)
  }
}
