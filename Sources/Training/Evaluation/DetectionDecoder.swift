public import Imaging
public import PoseCore

/// Raw head output to detections in the pixels of the original images.
public struct DetectionDecoder: Sendable {
  public var suppression: NonMaximumSuppression
  /// Classes that count; nil for all.
  public var classes: Set<Int>?
  /// Whether overlapping boxes are suppressed; nil does what the head is made for.
  public var suppresses: Bool?

  public init(suppression: NonMaximumSuppression, classes: Set<Int>? = nil, suppresses: Bool? = nil) {
    self.suppression = suppression
    self.classes = classes
    self.suppresses = suppresses
  }

  /// As validation does it: low scores kept, a box for each class that is likely enough.
  public static func validation(_ options: EvaluationOptions) -> DetectionDecoder {
    DetectionDecoder(
      suppression: NonMaximumSuppression(
        minimumScore: options.validationConfidence, maximumIoU: options.iou, maximumCount: options.maxDet,
        multiLabel: true, classAgnostic: options.agnosticNMS), classes: options.classes.map(Set.init),
      suppresses: options.nms)
  }

  /// As prediction does it: the best class of each box.
  public static func prediction(_ options: EvaluationOptions) -> DetectionDecoder {
    DetectionDecoder(
      suppression: NonMaximumSuppression(
        minimumScore: options.predictionConfidence, maximumIoU: options.iou, maximumCount: options.maxDet,
        classAgnostic: options.agnosticNMS), classes: options.classes.map(Set.init),
      suppresses: options.nms)
  }

  /// - Parameter letterbox: how the image lies in the network's input.
  /// - Returns: best first.
  public func detections(
    _ output: HeadOutput, image: Int, network: PoseNetwork, letterbox: Letterbox
  ) -> [Detection] {
    let isNMSFree = output.layout.hasOneToOne && !(suppresses ?? !output.layout.isNMSFree)
    let output = isNMSFree ? output.oneToOneOutput ?? output : output
    let decoded = network.decode(output, image: image, minimumScore: Float(suppression.minimumScore))
    let row = decoded.rowLength
    var suppression = suppression
    if classes != nil { suppression.maximumCount = suppression.candidateLimit }
    let top = TopScoreSelection(
      minimumScore: suppression.minimumScore, maximumCount: self.suppression.maximumCount,
      bestClassOnly: suppression.classAgnostic)
    return decoded.values.withUnsafeBufferPointer { values in
      let predictions = DecodedPredictions(
        values, count: decoded.count, classCount: decoded.classCount, columnStride: row, channelStride: 1)
      let kept = isNMSFree ? top(predictions) : suppression(predictions)
      return kept.filter { classes?.contains($0.classIndex) ?? true }.prefix(self.suppression.maximumCount)
        .map {
          kept in
          let start = kept.column * row + 4 + decoded.classCount
          let keypoints = (0..<decoded.keypointCount).map { index -> PredictedKeypoint in
            let at = start + 3 * index
            let point = letterbox.toSource(SIMD2(values[at], values[at + 1]))
            return PredictedKeypoint(x: point.x, y: point.y, confidence: values[at + 2])
          }
          let box = letterbox.toSource(SIMD4(kept.box.x1, kept.box.y1, kept.box.x2, kept.box.y2))
          return Detection(
            classIndex: kept.classIndex, score: kept.score,
            box: Box(x1: box.x, y1: box.y, x2: box.z, y2: box.w), keypoints: keypoints)
        }
    }
  }
}
