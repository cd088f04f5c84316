/// What a metric is built for.
public struct MetricContext: Sendable {
  /// Keypoints and sigmas of the labels.
  public var skeleton: Skeleton
  /// In the order of the class indices.
  public var classNames: [String]

  public init(skeleton: Skeleton, classNames: [String]) {
    self.skeleton = skeleton
    self.classNames = classNames
  }
}
