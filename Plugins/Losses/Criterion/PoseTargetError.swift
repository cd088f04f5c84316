/// Targets that do not fit the head they are to teach.
public enum PoseTargetError: Error, Equatable, CustomStringConvertible {
  case imageCount(found: Int, batch: Int)
  case classOutOfRange(image: Int, instance: Int, found: Int, classes: Int)
  case keypointCount(image: Int, instance: Int, found: Int, expected: Int)
  /// A coordinate is NaN or infinite.
  case notFinite(image: Int, instance: Int)

  public var description: String {
    switch self {
    case .imageCount(let found, let batch): "targets of \(found) images for a batch of \(batch)"
    case .classOutOfRange(let image, let instance, let found, let classes):
      "class \(found) of instance \(instance) in image \(image) of the batch is not among the \(classes) classes "
        + "of the model; check the class numbers of the labels"
    case .keypointCount(let image, let instance, let found, let expected):
      "\(found) keypoints of instance \(instance) in image \(image) of the batch, but the model predicts \(expected)"
    case .notFinite(let image, let instance):
      "a coordinate of instance \(instance) in image \(image) of the batch is not finite"
    }
  }
}
