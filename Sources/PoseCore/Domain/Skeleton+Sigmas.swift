extension Skeleton {
  /// COCO's sigmas in double precision, with the roundings of the reference evaluation (tenths of two digits).
  public static let cocoSigmas: [Double] = [
    0.26, 0.25, 0.25, 0.35, 0.35, 0.79, 0.79, 0.72, 0.72, 0.62, 0.62, 1.07, 1.07, 0.87, 0.87, 0.89, 0.89,
  ].map { $0 / 10 }

  /// The sigmas in double precision, for evaluation.
  ///
  /// `sigmas` are single precision, which is enough for training but differs from 0.026 in the ninth digit. The
  /// sigmas of a data set are taken as the shortest decimals that `sigmas` stand for, which is what was written.
  public var evaluationSigmas: [Double] {
    switch sigmaSource {
    case .coco where sigmas.count == Skeleton.cocoSigmas.count: Skeleton.cocoSigmas
    case .uniform: Array(repeating: 1 / Double(keypointCount), count: keypointCount)
    default: sigmas.map { Double($0.description) ?? Double($0) }
    }
  }
}
