import PoseCore

/// Gathers images for a COCO metric.
///
/// Detections with a number that is NaN or infinite never match: without a score they are left out, else they
/// count as false.
struct InMemoryObjects {
  private let keypointCount: Int
  private let classNames: [String]
  private var imageIDs: [Int] = []
  private var groundTruths = GroundTruthColumns()
  private var detections = DetectionColumns()
  private var classCount: Int
  /// Detections with a number that is NaN or infinite.
  private(set) var brokenDetections = 0

  /// - Parameter keypointCount: 0 for boxes alone.
  init(keypointCount: Int, classNames: [String]) {
    self.keypointCount = keypointCount
    self.classNames = classNames
    classCount = classNames.count
  }

  mutating func append(_ image: EvaluatedImage) {
    let index = Int32(imageIDs.count)
    imageIDs.append(image.imageID)
    for label in image.groundTruths { append(label, index) }
    for detection in image.detections { append(detection, index) }
  }

  private mutating func append(_ label: GroundTruth, _ image: Int32) {
    let box = label.instance.box
    let points = label.instance.keypoints
    classCount = max(classCount, label.instance.classIndex + 1)
    groundTruths.images.append(image)
    groundTruths.categories.append(Int32(label.instance.classIndex))
    groundTruths.ids.append(label.id)
    groundTruths.areas.append(label.area)
    groundTruths.isCrowd.append(label.isCrowd)
    groundTruths.isUnlabelled.append(points.allSatisfy { $0.visibility == .unlabelled })
    groundTruths.boxes += corners(box)
    if keypointCount == 0 { return }
    precondition(points.count == keypointCount, "InMemoryObjects: a label has \(points.count) keypoints")
    groundTruths.keypoints += points.map { Double($0.x) }
    groundTruths.keypoints += points.map { Double($0.y) }
    groundTruths.keypoints += points.map { Double($0.visibility.rawValue) }
  }

  private mutating func append(_ detection: Detection, _ image: Int32) {
    let box = detection.box
    let points = detection.keypoints
    let boxIsFinite = box.x1.isFinite && box.y1.isFinite && box.x2.isFinite && box.y2.isFinite
    let pointsAreFinite = keypointCount == 0 || points.allSatisfy { $0.x.isFinite && $0.y.isFinite }
    if !boxIsFinite || !pointsAreFinite || !detection.score.isFinite { brokenDetections += 1 }
    guard detection.score.isFinite else { return }
    classCount = max(classCount, detection.classIndex + 1)
    let sides = boxIsFinite ? corners(box) : [0, 0, 0, 0]
    detections.images.append(image)
    detections.categories.append(Int32(detection.classIndex))
    detections.scores.append(Double(detection.score))
    detections.areas.append(sides[2] * sides[3])
    detections.boxes += sides
    if keypointCount == 0 { return }
    precondition(points.count == keypointCount, "InMemoryObjects: a detection has \(points.count) keypoints")
    if pointsAreFinite {
      detections.keypoints += points.map { Double($0.x) }
      detections.keypoints += points.map { Double($0.y) }
    } else {
      // Infinitely far from everything.
      detections.keypoints += repeatElement(.infinity, count: 2 * keypointCount)
    }
  }

  private func corners(_ box: Box) -> [Double] {
    let (x, y) = (Double(box.x1), Double(box.y1))
    return [x, y, Double(box.x2) - x, Double(box.y2) - y]
  }

  /// All images, ordered by id.
  func evaluationSet() -> EvaluationSet {
    let order = imageIDs.indices.sorted { (imageIDs[$0], $0) < (imageIDs[$1], $1) }
    var place = [Int32](repeating: 0, count: order.count)
    for (index, image) in order.enumerated() { place[image] = Int32(index) }
    var set = EvaluationSet(
      imageIDs: order.map { imageIDs[$0] }, categoryIDs: Array(0..<classCount), categoryNames: classNames,
      keypointCount: keypointCount, groundTruths: groundTruths, detections: detections)
    for index in set.groundTruths.images.indices {
      set.groundTruths.images[index] = place[Int(set.groundTruths.images[index])]
    }
    for index in set.detections.images.indices {
      set.detections.images[index] = place[Int(set.detections.images[index])]
    }
    return set
  }
}
