import PoseCore

/// What an error along one axis costs.
public protocol CoordinatePenalty: Sendable {
  /// - Parameter error: predicted minus wanted, in the loss's unit of distance.
  /// - Returns: the cost and its derivative.
  func callAsFunction(_ error: Float) -> (cost: Float, slope: Float)
}

/// What keypoint losses on coordinates take as a distance of 1.
public enum DistanceUnit: String, Sendable, CaseIterable {
  /// The side of a square as large as the target's box; boxes smaller than a cell count as one cell.
  case box
  /// A cell of the anchor's level.
  case cell
}

/// A penalty of the errors along both axes, keypoint by keypoint.
///
/// A target of few labelled keypoints counts as much as one of many: each of its keypoints is weighted by
/// K / labelled, as in `OKSKeypointLoss`.
public struct CoordinateKeypointLoss<Penalty: CoordinatePenalty>: KeypointLoss {
  public var penalty: Penalty
  public var unit: DistanceUnit

  public init(_ penalty: Penalty, unit: DistanceUnit = .box) {
    self.penalty = penalty
    self.unit = unit
  }

  public func evaluate(
    predicted: UnsafeBufferPointer<SIMD2<Float>>, target: KeypointTarget,
    gradient: UnsafeMutableBufferPointer<SIMD2<Float>>
  ) -> Float {
    let scale = unit == .cell ? 1 : 1 / max(target.area, 1).squareRoot()
    let weight = Float(predicted.count) / Float(max(1, target.labelledCount))
    var loss: Float = 0
    for index in predicted.indices {
      guard target.isLabelled[index] else {
        gradient[index] = .zero
        continue
      }
      let error = (predicted[index] - target.positions[index]) * scale
      let (x, y) = (penalty(error.x), penalty(error.y))
      loss += weight * (x.cost + y.cost)
      gradient[index] = weight * scale * SIMD2(x.slope, y.slope)
    }
    return loss
  }
}

/// The parameter that all coordinate losses have.
enum CoordinateLossParameters {
  static let unit = ParameterDeclaration(
    "unit", .choice(of: DistanceUnit.self), default: "box",
    help: "what a distance of 1 is: the side of the target's box (root of its area), or a cell of the level")

  /// A component for one penalty.
  static func component<Penalty: CoordinatePenalty>(
    _ name: String, summary: String, reference: String, parameters: [ParameterDeclaration] = [],
    penalty: @escaping @Sendable (Arguments) throws -> Penalty
  ) -> Component<LossContext, any KeypointLoss> {
    Component(name, summary: summary, reference: reference, parameters: parameters + [unit]) { arguments, _ in
      CoordinateKeypointLoss(try penalty(arguments), unit: try arguments.choice("unit"))
    }
  }
}
