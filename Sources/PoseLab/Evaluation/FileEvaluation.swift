public import Data
public import Metrics
public import PoseCore

/// The outcome of evaluating a results file against an annotation file.
public struct FileEvaluation: Sendable {
  /// What to measure.
  public enum Metric: String, Sendable, CaseIterable {
    case cocoKeypoints = "coco_keypoints"
    case cocoBoxes = "coco_bbox"
    case yoloMap = "yolo_map"
  }

  public var report: MetricReport
  /// What is odd in the files; print it, for it may explain the figures.
  public var warnings: [COCOWarning]
  public var imageCount: Int
  /// Which images of the annotations these are.
  public var selection: ImageSelection
  public var labelCount: Int
  public var detectionCount: Int
  /// Matches, precision and recall in full; nil for metrics that are not COCO's.
  public var evaluation: COCOEvaluation?
  /// What `evaluation` speaks of.
  public var set: EvaluationSet
}

extension FileEvaluation {
  /// Evaluates COCO files.
  ///
  /// ```swift
  /// let outcome = try FileEvaluation.run(annotations: "gt.json", results: "dt.json")
  /// print(outcome.report["AP"] ?? -1)
  /// ```
  ///
  /// - Parameters:
  ///   - annotations: path of the annotation file.
  ///   - results: path of the results file.
  ///   - sigmas: one for each keypoint; nil means COCO's for 17 keypoints, else 1/K for each of K.
  ///   - images: which images count.
  ///   - strictCOCO: do what pycocotools does even where it is wrong: a NaN keypoint is a match, a match with
  ///     annotation id 0 a miss, of annotations with the same id the last stands for all.
  /// - Throws: `COCOFileError` with the record and field at fault, `FileError`, or `SigmaError`.
  public static func run(
    annotations: String, results: String, metric: Metric = .cocoKeypoints, sigmas: [Double]? = nil,
    images: ImageSelection.Kind = .all, strictCOCO: Bool = false
  ) throws -> FileEvaluation {
    let labels = try COCOAnnotations.read(annotations, allowNonFinite: strictCOCO)
    let withKeypoints = metric != .cocoBoxes
    let skeleton = try withKeypoints ? skeleton(labels, sigmas) : nil
    var detections = try COCOResults.read(
      results, keypointCount: skeleton?.keypointCount, allowNonFinite: strictCOCO)
    if !withKeypoints && detections.boxesAreFromKeypoints && labels.keypointCount > 0 {
      // Boxes are then drawn around the keypoints, which the first reading has left out.
      detections = try COCOResults.read(
        results, keypointCount: labels.keypointCount, allowNonFinite: strictCOCO)
    }
    let (all, warnings) = try EvaluationSet.joining(
      labels, detections, keypointCount: skeleton?.keypointCount, strict: strictCOCO)
    let (set, selection) = all.selecting(images)

    var evaluation: COCOEvaluation?
    let report: MetricReport
    switch (metric, skeleton) {
    case (.cocoKeypoints, let skeleton?):
      let found = COCOKeypointsMetric.evaluate(
        set, sigmas: sigmas ?? skeleton.evaluationSigmas, zeroIDIsMiss: strictCOCO)
      let note = COCOKeypointsMetric.note(skeleton.sigmaSource, count: skeleton.keypointCount)
      report = COCOKeypointsMetric.report(found, sigmaNote: note)
      evaluation = found
    case (.yoloMap, let skeleton?):
      let map = YOLOMap(skeleton: skeleton, classNames: set.categoryNames)
      for image in set.evaluatedImages() { map.update(image) }
      report = map.compute()
    default:
      let found = COCOBoxMetric.evaluate(set, zeroIDIsMiss: strictCOCO)
      report = COCOBoxMetric.report(found)
      evaluation = found
    }
    return FileEvaluation(
      report: report, warnings: warnings, imageCount: set.imageIDs.count, selection: selection,
      labelCount: set.groundTruths.count,
      detectionCount: set.detections.count, evaluation: evaluation, set: set)
  }

  /// Evaluates COCO files with any registered metric.
  ///
  /// - Parameters:
  ///   - metric: by name, with its arguments.
  ///   - registry: where it is found.
  ///   - sigmas: as above.
  ///   - images: as above.
  ///   - strictCOCO: as above; it concerns the metrics of `Metric` alone.
  /// - Throws: also diagnostics for a metric that is unknown or has wrong arguments.
  public static func run(
    annotations: String, results: String, metric: ComponentSpec, registry: Registry, sigmas: [Double]? = nil,
    images: ImageSelection.Kind = .all, strictCOCO: Bool = false
  ) throws -> FileEvaluation {
    let (component, arguments) = try registry.metrics.resolve(metric)
    if let known = Metric(rawValue: component.name), !metric.hasArguments {
      return try run(
        annotations: annotations, results: results, metric: known, sigmas: sigmas, images: images,
        strictCOCO: strictCOCO)
    }
    let labels = try COCOAnnotations.read(annotations, allowNonFinite: strictCOCO)
    let skeleton = try skeleton(labels, sigmas)
    let detections = try COCOResults.read(
      results, keypointCount: skeleton.keypointCount, allowNonFinite: strictCOCO)
    let (all, warnings) = try EvaluationSet.joining(
      labels, detections, keypointCount: skeleton.keypointCount, strict: strictCOCO)
    let (set, selection) = all.selecting(images)
    let built = try component.make(
      arguments, MetricContext(skeleton: skeleton, classNames: set.categoryNames))
    for image in set.evaluatedImages() { built.update(image) }
    return FileEvaluation(
      report: built.compute(), warnings: warnings, imageCount: set.imageIDs.count,
      selection: selection,
      labelCount: set.groundTruths.count, detectionCount: set.detections.count, evaluation: nil, set: set)
  }

  /// The skeleton that the annotations have.
  private static func skeleton(_ labels: COCOAnnotations, _ sigmas: [Double]?) throws -> Skeleton {
    // Without any annotation the sigmas tell.
    let count = labels.keypointCount > 0 ? labels.keypointCount : sigmas?.count ?? 17
    if let sigmas {
      if sigmas.count != count { throw SigmaError.wrongCount(sigmas.count, keypoints: count) }
      if let index = sigmas.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
        throw SigmaError.notPositive(sigmas[index], index: index)
      }
    }
    if sigmas == nil && count == 17 { return .cocoPerson }
    let single = sigmas?.map { Float($0) } ?? Array(repeating: 1 / Float(count), count: count)
    let category = labels.categories.first { $0.keypointNames.count == count }
    let names = category?.keypointNames ?? []
    return Skeleton(
      keypointCount: count, dimensions: 3, names: names, flipIndices: Skeleton.flipIndices(from: names),
      limbs: [],
      sigmas: single, sigmaSource: sigmas == nil ? .uniform : .dataset)
  }
}

/// Sigmas that cannot be used.
public enum SigmaError: Error, Sendable, Equatable, CustomStringConvertible {
  case wrongCount(Int, keypoints: Int)
  case notPositive(Double, index: Int)

  public var description: String {
    switch self {
    case .wrongCount(let count, let keypoints):
      "\(count) sigmas for \(keypoints) keypoints: give one for each"
    case .notPositive(let value, let index):
      "sigma \(index) is \(value): sigmas are numbers above 0"
    }
  }
}
