internal import Imaging
public import PoseCore

/// Mirrors picture, boxes and keypoints; what was a left joint becomes a right one.
///
/// Without known pairs (`Skeleton.flipIndices`) nothing is ever mirrored: left and right would get mixed up.
public struct Flip: ChanceAugmentation {
  public enum Direction: Sendable {
    case leftRight
    case upDown
  }

  public var direction: Direction
  public var probability: Double

  public init(_ direction: Direction, probability: Double) {
    self.direction = direction
    self.probability = probability
  }

  public func changed(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    guard let flipIndices = context.skeleton.flipIndices else { return sample }
    return Flip.apply(to: sample, direction, flipIndices: flipIndices)
  }

  /// - Parameter flipIndices: `Skeleton.flipIndices`.
  public static func apply(
    to sample: TrainingSample, _ direction: Direction, flipIndices: [Int]
  ) -> TrainingSample {
    switch direction {
    case .leftRight:
      let instances = sample.instances.map {
        $0.mirrored(width: sample.image.width, flipIndices: flipIndices)
      }
      return TrainingSample(
        image: sample.image.flippedHorizontally(), instances: instances, index: sample.index)
    case .upDown:
      let instances = sample.instances.map {
        $0.mirrored(height: sample.image.height, flipIndices: flipIndices)
      }
      return TrainingSample(
        image: sample.image.flippedVertically(), instances: instances, index: sample.index)
    }
  }
}

extension Flip {
  static let leftRightComponent = component(
    "flip_lr", aliases: ["fliplr"], .leftRight, probability: 0.5,
    summary: "Mirrors left and right; keypoints change places by flip_idx.")
  static let upDownComponent = component(
    "flip_ud", aliases: ["flipud"], .upDown, probability: 0,
    summary: "Turns the picture upside down by a mirror; keypoints change places by flip_idx.")

  private static func component(
    _ name: String, aliases: [String], _ direction: Direction, probability: Double, summary: String
  ) -> Component<AugmentationBuildContext, any Augmentation> {
    Component(
      name, aliases: aliases, summary: summary,
      parameters: [.probability(probability)]
    ) { arguments, _ in
      Flip(direction, probability: try arguments.double("p"))
    }
  }
}
