public import PoseCore

extension EvaluationSet {
  /// The images that count, with their labels and detections.
  ///
  /// - Returns: the set, and what to say about it.
  public func selecting(_ kind: ImageSelection.Kind) -> (set: EvaluationSet, selection: ImageSelection) {
    var isLabelled = [Bool](repeating: false, count: imageIDs.count)
    for object in 0..<groundTruths.count
    where !groundTruths.isCrowd[object] && !groundTruths.isUnlabelled[object] {
      isLabelled[Int(groundTruths.images[object])] = true
    }
    let labelled = isLabelled.count { $0 }
    let set = kind == .labelled && labelled < imageIDs.count ? keeping(isLabelled) : self
    let selection = ImageSelection(
      kind: kind, counted: set.imageIDs.count, listed: imageIDs.count, labelled: labelled)
    return (set, selection)
  }

  private func keeping(_ isKept: [Bool]) -> EvaluationSet {
    var places: [Int32] = []
    var next: Int32 = 0
    for kept in isKept {
      places.append(kept ? next : -1)
      if kept { next += 1 }
    }
    var labels = GroundTruthColumns()
    for object in 0..<groundTruths.count where places[Int(groundTruths.images[object])] >= 0 {
      labels.images.append(places[Int(groundTruths.images[object])])
      labels.categories.append(groundTruths.categories[object])
      labels.ids.append(groundTruths.ids[object])
      labels.areas.append(groundTruths.areas[object])
      labels.isCrowd.append(groundTruths.isCrowd[object])
      labels.isUnlabelled.append(groundTruths.isUnlabelled[object])
      labels.boxes += Self.group(object, of: groundTruths.boxes, 4)
      labels.keypoints += Self.group(object, of: groundTruths.keypoints, 3 * keypointCount)
    }
    var found = DetectionColumns()
    for object in 0..<detections.count where places[Int(detections.images[object])] >= 0 {
      found.images.append(places[Int(detections.images[object])])
      found.categories.append(detections.categories[object])
      found.scores.append(detections.scores[object])
      found.areas.append(detections.areas[object])
      found.boxes += Self.group(object, of: detections.boxes, 4)
      found.keypoints += Self.group(object, of: detections.keypoints, 2 * keypointCount)
    }
    return EvaluationSet(
      imageIDs: imageIDs.indices.filter { isKept[$0] }.map { imageIDs[$0] },
      imageOrder: imageOrder.filter { isKept[$0] }.map { Int(places[$0]) }, categoryIDs: categoryIDs,
      categoryNames: categoryNames, keypointCount: keypointCount, groundTruths: labels, detections: found)
  }

  /// Sets of boxes alone have no keypoints.
  private static func group(_ object: Int, of values: [Double], _ size: Int) -> ArraySlice<Double> {
    values.count >= (object + 1) * size ? values[(object * size)..<((object + 1) * size)] : []
  }
}
