/// Intersection over union of boxes given as left, top, width, height; for a crowd, the share of the detection
/// that lies in it. Double precision, operations in the order of pycocotools.
enum BoxSimilarity {
  @inline(__always)
  static func iou(_ detection: UnsafePointer<Double>, _ label: UnsafePointer<Double>, isCrowd: Bool) -> Double
  {
    let width =
      least(detection[2] + detection[0], label[2] + label[0]) - greatest(detection[0], label[0])
    if width <= 0 { return 0 }
    let height =
      least(detection[3] + detection[1], label[3] + label[1]) - greatest(detection[1], label[1])
    if height <= 0 { return 0 }
    let area = detection[2] * detection[3]
    let shared = width * height
    return shared / (isCrowd ? area : area + label[2] * label[3] - shared)
  }

  // As C's fmin and fmax: of a number and NaN, the number.
  @inline(__always)
  private static func least(_ a: Double, _ b: Double) -> Double { a.isNaN ? b : b < a ? b : a }
  @inline(__always)
  private static func greatest(_ a: Double, _ b: Double) -> Double { a.isNaN ? b : b > a ? b : a }
}
