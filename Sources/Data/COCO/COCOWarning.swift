/// Something odd in COCO files that does not stop an evaluation, but may explain its figures.
public enum COCOWarning: Sendable, Equatable {
  /// An annotation has id 0. The reference takes a match with it for a miss.
  case annotationIDZero(index: Int, countsAsMiss: Bool)
  /// Annotations do not state how many labelled keypoints they have, or state it wrongly.
  case keypointCounts(missing: Int, contradicting: Int, firstIndex: Int)
  case missingCrowdFlags(Int)
  case noDetections
  /// The results have no boxes; areas (and boxes) are those around the keypoints.
  case boxesFromKeypoints
  /// As the reference does, in strict mode.
  case ignoredAnnotations(Int)
  /// As the reference does, in strict mode.
  case ignoredDetections(Int)
  /// As the reference does, in strict mode.
  case duplicateAnnotationIDs(Int)
}

extension COCOWarning: CustomStringConvertible {
  public var description: String {
    switch self {
    case .annotationIDZero(let index, true):
      "annotations[\(index)] has id 0: a match with it counts as a miss, as in pycocotools"
    case .annotationIDZero(let index, false):
      "annotations[\(index)] has id 0: it was given another id (pycocotools takes a match with it for a miss)"
    case .keypointCounts(let missing, let contradicting, let index):
      "num_keypoints is missing in \(missing) annotations and contradicts the visibilities in "
        + "\(contradicting), the first being annotations[\(index)]: counted from the visibilities"
    case .missingCrowdFlags(let count):
      "\(count) annotations have no iscrowd: taken for single objects"
    case .noDetections:
      "there are no detections: AP and AR are 0"
    case .boxesFromKeypoints:
      "the results have no boxes: areas are those around the keypoints"
    case .ignoredAnnotations(let count):
      "\(count) annotations of unknown images or categories were left out, as in pycocotools"
    case .ignoredDetections(let count):
      "\(count) detections of unknown categories were left out, as in pycocotools"
    case .duplicateAnnotationIDs(let count):
      "\(count) annotations share an id with a later one, which was taken in their place, as in pycocotools"
    }
  }
}
