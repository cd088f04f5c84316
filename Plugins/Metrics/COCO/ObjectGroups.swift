import PoseCore

/// The objects of each image and category that has any, ordered by category, then image.
struct ObjectGroups: Sendable {
  struct Group: Sendable {
    var image: Int32
    var category: Int32
    /// Into `labels`; in the order in which they were given.
    var labels: Range<Int>
    /// Into `detections`; by descending score.
    var detections: Range<Int>
  }

  private(set) var groups: [Group] = []
  /// Indices of labels, group by group.
  private(set) var labels: [Int32] = []
  /// Indices of the detections that count, group by group.
  private(set) var detections: [Int32] = []
  /// Detections beyond the limit, which do not count.
  private(set) var surplusCount = 0

  /// - Parameter limit: how many detections of a group count, the best.
  init(_ set: EvaluationSet, limit: Int) {
    let imageCount = UInt64(max(1, set.imageIDs.count))
    func key(_ image: Int32, _ category: Int32) -> UInt64 { UInt64(category) * imageCount + UInt64(image) }
    let labelKeys = zip(set.groundTruths.images, set.groundTruths.categories).map(key)
    labels = StableOrder.ascending(labelKeys)

    let byScore = StableOrder.descending(set.detections.scores)
    let detectionKeys = byScore.map { index in
      key(set.detections.images[Int(index)], set.detections.categories[Int(index)])
    }
    let byGroup = StableOrder.ascending(detectionKeys)

    detections.reserveCapacity(byGroup.count)
    var label = 0
    var detection = 0
    while label < labels.count || detection < byGroup.count {
      let labelKey = label < labels.count ? labelKeys[Int(labels[label])] : .max
      let detectionKey = detection < byGroup.count ? detectionKeys[Int(byGroup[detection])] : .max
      let current = min(labelKey, detectionKey)
      let firstLabel = label
      while label < labels.count, labelKeys[Int(labels[label])] == current { label += 1 }
      let firstDetection = detections.count
      while detection < byGroup.count, detectionKeys[Int(byGroup[detection])] == current {
        if detections.count - firstDetection < limit {
          detections.append(byScore[Int(byGroup[detection])])
        } else {
          surplusCount += 1
        }
        detection += 1
      }
      groups.append(
        Group(
          image: Int32(current % imageCount), category: Int32(current / imageCount),
          labels: firstLabel..<label,
          detections: firstDetection..<detections.count))
    }
  }
}
