/// Lines that COCO reports have in common.
enum COCONotes {
  static func surplus(_ evaluation: COCOEvaluation) -> [String] {
    let count = evaluation.matches.surplusDetections
    let limit = evaluation.rules.detectionLimits.last ?? 0
    return count == 0 ? [] : ["\(count) detections beyond the \(limit) best of their image were left out"]
  }

  static func broken(_ count: Int) -> [String] {
    count == 0 ? [] : ["\(count) detections have a number that is NaN or infinite; they match nothing"]
  }
}
