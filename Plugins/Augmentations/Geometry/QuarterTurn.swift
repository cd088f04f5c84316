internal import Imaging
public import PoseCore
internal import Tensor

/// Turns the picture by 90, 180 or 270 degrees, each as likely; boxes and keypoints turn with it.
///
/// A turn is no mirror: left stays left. Nothing is interpolated. Width and height change places with a quarter turn.
///
/// Source: Krizhevsky et al., ImageNet classification (label-preserving transforms), NeurIPS 2012; known to the
/// libraries of the field as `RandomRotate90`.
public struct QuarterTurn: ChanceAugmentation {
  public enum Turn: Sendable, CaseIterable {
    case right
    case half
    case left
  }

  public var probability: Double

  public init(probability: Double = 0.5) { self.probability = probability }

  public func changed(
    _ sample: TrainingSample, _ context: inout AugmentationContext
  ) throws -> TrainingSample {
    QuarterTurn.apply(to: sample, Turn.allCases[context.random.integer(below: 3)])
  }

  public static func apply(to sample: TrainingSample, _ turn: Turn) -> TrainingSample {
    let (width, height) = (Float(sample.image.width), Float(sample.image.height))
    let (image, move): (Image, (SIMD2<Float>) -> SIMD2<Float>) =
      switch turn {
      case .right: (sample.image.upright(from: .turnRight), { SIMD2(height - $0.y, $0.x) })
      case .half: (sample.image.upright(from: .rotatedBy180), { SIMD2(width - $0.x, height - $0.y) })
      case .left: (sample.image.upright(from: .turnLeft), { SIMD2($0.y, width - $0.x) })
      }
    let instances = sample.instances.map { instance in
      instance.mapped(
        box: { box in
          let (a, b) = (move(box.lowHalf), move(box.highHalf))
          return SIMD4(lowHalf: pointwiseMin(a, b), highHalf: pointwiseMax(a, b))
        }, point: move)
    }
    return TrainingSample(image: image, instances: instances, index: sample.index)
  }
}

extension QuarterTurn {
  static let component = Component<AugmentationBuildContext, any Augmentation>(
    "rotate90", summary: "Turns the picture by 90, 180 or 270 degrees.",
    reference: "Krizhevsky et al., ImageNet Classification with Deep CNNs, NeurIPS 2012",
    parameters: [.probability(0.5)]
  ) { arguments, _ in
    QuarterTurn(probability: try arguments.double("p"))
  }
}
