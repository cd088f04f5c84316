public import PoseCore

/// COCO's keypoint AP and AR: AP AP50 AP75 APm APl AR AR50 AR75 ARm ARl, as pycocotools gives them.
///
/// Source: cocodataset.org, "Keypoint evaluation".
public final class COCOKeypointsMetric: Metric {
  public let name = "coco_keypoints"
  private let sigmas: [Double]
  private let sigmaNote: String
  private let empty: InMemoryObjects
  private var objects: InMemoryObjects

  /// - Parameter skeleton: of the labels and the detections.
  public init(skeleton: Skeleton, classNames: [String]) {
    sigmas = skeleton.evaluationSigmas
    sigmaNote = Self.note(skeleton.sigmaSource, count: skeleton.keypointCount)
    empty = InMemoryObjects(keypointCount: skeleton.keypointCount, classNames: classNames)
    objects = empty
  }

  public func reset() { objects = empty }

  public func update(_ image: EvaluatedImage) { objects.append(image) }

  public func compute() -> MetricReport {
    var report = Self.report(evaluate(evaluationSet), sigmaNote: sigmaNote)
    report.notes += COCONotes.broken(objects.brokenDetections)
    return report
  }

  /// All images so far.
  var evaluationSet: EvaluationSet { objects.evaluationSet() }

  func evaluate(_ set: EvaluationSet) -> COCOEvaluation { Self.evaluate(set, sigmas: sigmas) }

  /// Evaluates a whole set at once.
  public static func evaluate(
    _ set: EvaluationSet, sigmas: [Double], zeroIDIsMiss: Bool = false
  ) -> COCOEvaluation {
    COCOEvaluator(.keypoints(sigmas: sigmas), zeroIDIsMiss: zeroIDIsMiss)(set)
  }

  /// - Parameter sigmaNote: where the sigmas come from.
  public static func report(_ evaluation: COCOEvaluation, sigmaNote: String) -> MetricReport {
    MetricReport(
      name: "coco_keypoints", values: COCOSummary.keypoints(evaluation),
      classes: COCOSummary.classes(evaluation, COCOSummary.keypoints),
      notes: [sigmaNote] + COCONotes.surplus(evaluation))
  }

  /// The line of a report that tells where sigmas come from.
  public static func note(_ source: Skeleton.SigmaSource, count: Int) -> String {
    switch source {
    case .coco: "sigmas: COCO's, for 17 keypoints"
    case .dataset: "sigmas: \(count), as given"
    case .uniform: "sigmas: 1/\(count) for every keypoint, for want of measured ones; far laxer than COCO's"
    }
  }
}
