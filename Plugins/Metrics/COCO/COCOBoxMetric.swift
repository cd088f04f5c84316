public import PoseCore

/// COCO's box AP and AR: AP AP50 AP75 APs APm APl AR1 AR10 AR100 ARs ARm ARl, as pycocotools gives them.
///
/// Source: cocodataset.org, "Detection evaluation".
public final class COCOBoxMetric: Metric {
  public let name = "coco_bbox"
  private let empty: InMemoryObjects
  private var objects: InMemoryObjects

  public init(classNames: [String]) {
    empty = InMemoryObjects(keypointCount: 0, classNames: classNames)
    objects = empty
  }

  public func reset() { objects = empty }

  public func update(_ image: EvaluatedImage) { objects.append(image) }

  public func compute() -> MetricReport {
    var report = Self.report(Self.evaluate(objects.evaluationSet()))
    report.notes += COCONotes.broken(objects.brokenDetections)
    return report
  }

  /// Evaluates a whole set at once.
  public static func evaluate(_ set: EvaluationSet, zeroIDIsMiss: Bool = false) -> COCOEvaluation {
    COCOEvaluator(.boxes, zeroIDIsMiss: zeroIDIsMiss)(set)
  }

  public static func report(_ evaluation: COCOEvaluation) -> MetricReport {
    MetricReport(
      name: "coco_bbox", values: COCOSummary.boxes(evaluation),
      classes: COCOSummary.classes(evaluation, COCOSummary.boxes), notes: COCONotes.surplus(evaluation))
  }
}
