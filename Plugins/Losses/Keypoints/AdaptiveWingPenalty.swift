internal import Foundation
public import PoseCore

/// Like the wing loss, but smooth at 0: ω ln(1 + |x / ε|^(α - y)) up to an error of θ, then the line that goes on
/// with the same value and slope.
///
/// Source: Wang et al., Adaptive Wing Loss for Robust Face Alignment via Heatmap Regression, arXiv:1904.07399. There
/// y is the heatmap's value at a pixel; a coordinate that is labelled is all foreground, so y is 1 here. The paper's
/// ω = 14, ε = 1, θ = 0.5 are for heatmaps; the defaults give coordinates the range of `wing`.
public struct AdaptiveWingPenalty: CoordinatePenalty {
  public var omega: Float
  public var theta: Float
  public var epsilon: Float
  /// Above 2, so that small errors have a small slope.
  public var alpha: Float

  public init(omega: Float = 0.05, theta: Float = 0.05, epsilon: Float = 0.01, alpha: Float = 2.1) {
    self.omega = omega
    self.theta = theta
    self.epsilon = epsilon
    self.alpha = alpha
  }

  public func callAsFunction(_ error: Float) -> (cost: Float, slope: Float) {
    let distance = abs(error)
    let sign: Float = error > 0 ? 1 : error < 0 ? -1 : error
    if distance < theta {
      let (cost, slope) = curve(distance)
      return (cost, sign * slope)
    }
    let (cost, slope) = curve(theta)
    return (cost + slope * (distance - theta), sign * slope)
  }

  /// The logarithmic part and its slope.
  private func curve(_ distance: Float) -> (cost: Float, slope: Float) {
    let exponent = alpha - 1
    let share = pow(distance / epsilon, exponent)
    let slope = omega * exponent * pow(distance / epsilon, exponent - 1) / (epsilon * (1 + share))
    return (omega * log1p(share), slope)
  }

  /// `adaptive_wing`.
  public static let component = CoordinateLossParameters.component(
    "adaptive_wing", summary: "the wing loss with a smooth minimum",
    reference: "Wang et al., Adaptive Wing Loss, arXiv:1904.07399",
    parameters: [
      .init("omega", .float(above: 0), default: 0.05, help: "factor of the whole"),
      .init("theta", .float(above: 0), default: 0.05, help: "where the logarithm ends, in units of distance"),
      .init("epsilon", .float(above: 0), default: 0.01, help: "the smaller, the steeper near 0"),
      .init("alpha", .float(2...4), default: 2.1, help: "the exponent near 0 is one less"),
    ]
  ) {
    AdaptiveWingPenalty(
      omega: try $0.float("omega"), theta: try $0.float("theta"), epsilon: try $0.float("epsilon"),
      alpha: try $0.float("alpha"))
  }
}
