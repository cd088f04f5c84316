/// Measures detections against labels over a set of images.
///
/// A metric gathers images with `update(_:)`, in the order of the data set (which may decide between equal
/// scores), and gives its figures with `compute()`, which may be called at any time and changes nothing. It is used from one thread at a time; inside it may use all.
public protocol Metric: AnyObject {
  /// The name it is registered under; reports and logs use it.
  var name: String { get }

  /// Forgets all images.
  func reset()

  /// Adds one image.
  func update(_ image: EvaluatedImage)

  /// The figures over the images seen since the last `reset()`.
  func compute() -> MetricReport
}
