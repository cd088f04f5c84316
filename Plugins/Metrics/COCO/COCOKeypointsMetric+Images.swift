public import PoseCore

extension COCOKeypointsMetric: PerImageMetric {
  public var thresholds: [Double] { COCOProtocol.keypoints(sigmas: []).thresholds }

  /// Matches over objects of all sizes, ordered by image id.
  public func imageScores() -> [ImageScore] {
    let set = evaluationSet
    let matches = evaluate(set).matches
    let classCount = set.categoryIDs.count
    var scores = set.imageIDs.map {
      ImageScore(imageID: $0, labelCounts: Array(repeating: 0, count: classCount), detections: [])
    }
    let labels = set.groundTruths
    for label in 0..<labels.count where !labels.isCrowd[label] && !labels.isUnlabelled[label] {
      scores[Int(labels.images[label])].labelCounts[Int(labels.categories[label])] += 1
    }
    for (slot, index) in matches.detections.enumerated() {
      let detection = Int(index)
      scores[Int(set.detections.images[detection])].detections.append(
        ImageScore.Detection(
          classIndex: Int(set.detections.categories[detection]), score: set.detections.scores[detection],
          matched: matches.matched[0][slot], ignored: matches.ignored[0][slot]))
    }
    return scores
  }
}
