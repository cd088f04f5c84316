internal import Foundation
public import PoseCore

/// Logarithmic up to an error of w, absolute beyond: w ln(1 + |x| / ε), then |x| - C with C = w - w ln(1 + w / ε).
/// Small errors count more than with the absolute error.
///
/// Source: Feng et al., Wing Loss for Robust Facial Landmark Localisation, arXiv:1711.06753. The paper takes w = 10
/// and ε = 2 in pixels of faces some 200 pixels wide; the defaults are these as parts of the box's side.
public struct WingPenalty: CoordinatePenalty {
  /// w.
  public var width: Float
  /// ε.
  public var curvature: Float

  public init(width: Float = 0.05, curvature: Float = 0.01) {
    self.width = width
    self.curvature = curvature
  }

  public func callAsFunction(_ error: Float) -> (cost: Float, slope: Float) {
    let distance = abs(error)
    let sign: Float = error > 0 ? 1 : error < 0 ? -1 : error
    if distance < width {
      return (width * log1p(distance / curvature), sign * width / (curvature + distance))
    }
    let constant = width - width * log1p(width / curvature)
    return (distance - constant, sign)
  }

  /// `wing`.
  public static let component = CoordinateLossParameters.component(
    "wing", summary: "logarithm of small errors of the coordinates, absolute value of large ones",
    reference: "Feng et al., Wing Loss, arXiv:1711.06753",
    parameters: [
      .init("width", .float(above: 0), default: 0.05, help: "where the logarithm ends, in units of distance"),
      .init("curvature", .float(above: 0), default: 0.01, help: "epsilon: the smaller, the steeper near 0"),
    ]
  ) { WingPenalty(width: try $0.float("width"), curvature: try $0.float("curvature")) }
}
