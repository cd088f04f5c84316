public import PoseCore

/// Quadratic up to an error of β, absolute beyond: x² / 2β, then |x| - β / 2.
///
/// Source: Girshick, Fast R-CNN, arXiv:1504.08083 (β = 1).
public struct SmoothAbsolutePenalty: CoordinatePenalty {
  public var beta: Float

  public init(beta: Float = 0.05) { self.beta = beta }

  public func callAsFunction(_ error: Float) -> (cost: Float, slope: Float) {
    let distance = abs(error)
    if distance < beta { return (0.5 * error * error / beta, error / beta) }
    return (distance - 0.5 * beta, error < 0 ? -1 : 1)
  }

  /// `smooth_l1`.
  public static let component = CoordinateLossParameters.component(
    "smooth_l1", summary: "squared error of the coordinates up to beta, absolute error beyond",
    reference: "Girshick, Fast R-CNN, arXiv:1504.08083",
    parameters: [
      .init("beta", .float(above: 0), default: 0.05, help: "where the square ends, in units of distance")
    ]
  ) { SmoothAbsolutePenalty(beta: try $0.float("beta")) }
}
