public import PoseCore

/// Box and pose precision, recall, mAP50 and mAP50-95 as the reference YOLO tools compute them in validation.
///
/// Different from COCO's: crowds and people without a labelled keypoint are no labels at all; an object's area is
/// 0.53 of its box; all detections of an image count; precision is integrated by trapezoids (a perfect result has
/// 0.995); classes are those that have labels. `fitness`, which picks the best epoch, is the sum of both mAP50-95.
/// Detections of equal confidence keep the order in which their images came.
///
/// Curves: `BoxPR`, `BoxF1`, `BoxP`, `BoxR` and the same for `Pose`, each for all classes; means over confidence
/// are smoothed over a tenth of the axis.
public final class YOLOMap: Metric {
  public let name = "yolo_map"
  private let classNames: [String]
  private let matcher: YOLOMatcher
  private let sigmaNote: String
  private var images: [MatchedImage] = []
  private var brokenDetections = 0

  /// What is kept of an image: its detections by descending confidence.
  private struct MatchedImage {
    var confidences: [Float]
    var classes: [Int32]
    var rightBoxes: [UInt16]
    var rightPoses: [UInt16]
    var labelClasses: [Int32]
  }

  /// - Parameter skeleton: of the labels and the detections.
  public init(skeleton: Skeleton, classNames: [String]) {
    self.classNames = classNames
    matcher = YOLOMatcher(sigmas: skeleton.sigmas)
    sigmaNote = COCOKeypointsMetric.note(skeleton.sigmaSource, count: skeleton.keypointCount)
  }

  public func reset() {
    images = []
    brokenDetections = 0
  }

  public func update(_ image: EvaluatedImage) {
    let labels = image.groundTruths.filter { !$0.isCrowd && !$0.isIgnored }.map(\.instance)
    let scored = image.detections.filter { $0.score.isFinite }
    brokenDetections += image.detections.count - scored.count
    let order = StableOrder.descending(scored.map { Double($0.score) })
    let detections = order.map { scored[Int($0)] }
    images.append(
      MatchedImage(
        confidences: detections.map(\.score),
        classes: detections.map { Int32($0.classIndex) },
        rightBoxes: YOLOMatcher.match(detections, labels, matcher.boxSimilarities(detections, labels)),
        rightPoses: YOLOMatcher.match(detections, labels, matcher.keypointSimilarities(detections, labels)),
        labelClasses: labels.map { Int32($0.classIndex) }))
  }

  public func compute() -> MetricReport {
    let boxes = part(\.rightBoxes)
    let poses = part(\.rightPoses)
    var values = YOLOFigures.mean(boxes, "B") + YOLOFigures.mean(poses, "P")
    values.append(MetricValue("fitness", YOLOFigures.map(boxes) + YOLOFigures.map(poses)))
    let classes = zip(boxes.classes, poses.classes).map { box, pose in
      MetricClassReport(
        classIndex: box.index, className: name(of: box.index), labelCount: box.labelCount,
        values: YOLOFigures.ofClass(box, boxes, "B") + YOLOFigures.ofClass(pose, poses, "P"))
    }
    var notes = [sigmaNote, "area of an object: 0.53 of its box"]
    if boxes.labelCount > 0 {
      for (part, word) in [(boxes, "boxes"), (poses, "poses")] {
        notes.append("best F1 of \(word): \(part.bestF1) at confidence \(part.bestConfidence)")
      }
    }
    if brokenDetections > 0 {
      notes.append("\(brokenDetections) detections without a finite score were left out")
    }
    return MetricReport(
      name: name, values: values, classes: classes,
      curves: YOLOFigures.curves(boxes, "Box", name) + YOLOFigures.curves(poses, "Pose", name), notes: notes)
  }

  private func part(_ right: KeyPath<MatchedImage, [UInt16]>) -> YOLOFigures {
    let confidences = images.flatMap(\.confidences)
    let classes = images.flatMap(\.classes)
    let masks = images.flatMap { $0[keyPath: right] }
    let order = StableOrder.descending(confidences.map { Double($0) })
    var labelCounts: [Int32: Int] = [:]
    for label in images.lazy.flatMap(\.labelClasses) { labelCounts[label, default: 0] += 1 }
    let thresholds = YOLOMatcher.thresholds.count
    return YOLOFigures(
      classes: labelCounts.sorted { $0.key < $1.key }.map { index, labelCount in
        let own = order.filter { classes[Int($0)] == index }
        let curves =
          own.isEmpty
          ? ConfidenceCurves(thresholdCount: thresholds)
          : ConfidenceCurves(
            right: own.map { masks[Int($0)] }, confidences: own.map { confidences[Int($0)] },
            labelCount: labelCount, thresholdCount: thresholds)
        return YOLOFigures.Class(index: Int(index), labelCount: labelCount, curves: curves)
      })
  }

  private func name(of index: Int) -> String {
    index < classNames.count ? classNames[index] : "class \(index)"
  }
}
