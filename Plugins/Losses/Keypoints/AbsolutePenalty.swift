public import PoseCore

/// The absolute error.
public struct AbsolutePenalty: CoordinatePenalty {
  public init() {}

  public func callAsFunction(_ error: Float) -> (cost: Float, slope: Float) {
    (abs(error), error > 0 ? 1 : error < 0 ? -1 : error)
  }

  /// `l1`.
  public static let component = CoordinateLossParameters.component(
    "l1", summary: "absolute error of the coordinates",
    reference: "compared with OKS in Maji et al., YOLO-Pose, arXiv:2204.06806"
  ) { _ in AbsolutePenalty() }
}
