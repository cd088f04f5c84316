public import PoseCore

extension EvaluationSet {
  /// The set image by image in the order of the data set, in single precision, for metrics that gather images;
  /// classes are indices into `categoryIDs`. Objects without a labelled keypoint are marked as ignored.
  public func evaluatedImages() -> [EvaluatedImage] {
    var images = imageIDs.map {
      EvaluatedImage(imageID: $0, width: 0, height: 0, groundTruths: [], detections: [])
    }
    let points = keypointCount
    for index in 0..<groundTruths.count {
      let own = groundTruths.keypoints[(3 * points * index)..<(3 * points * (index + 1))]
      let start = own.startIndex
      let keypoints = (0..<points).map { point in
        Keypoint(
          x: Float(own[start + point]), y: Float(own[start + points + point]),
          visibility: own[start + 2 * points + point] > 1
            ? .visible : own[start + 2 * points + point] > 0 ? .hidden : .unlabelled)
      }
      let instance = Instance(
        classIndex: Int(groundTruths.categories[index]), box: box(groundTruths.boxes, index),
        keypoints: keypoints)
      images[Int(groundTruths.images[index])].groundTruths.append(
        GroundTruth(
          id: groundTruths.ids[index], instance: instance, area: groundTruths.areas[index],
          isCrowd: groundTruths.isCrowd[index], isIgnored: groundTruths.isUnlabelled[index]))
    }
    for index in 0..<detections.count {
      let start = 2 * points * index
      let keypoints = (0..<points).map { point in
        PredictedKeypoint(
          x: Float(detections.keypoints[start + point]),
          y: Float(detections.keypoints[start + points + point]),
          confidence: 1)
      }
      images[Int(detections.images[index])].detections.append(
        Detection(
          classIndex: Int(detections.categories[index]), score: Float(detections.scores[index]),
          box: box(detections.boxes, index), keypoints: keypoints))
    }
    return imageOrder.map { images[$0] }
  }

  private func box(_ boxes: [Double], _ index: Int) -> Box {
    let (x, y) = (boxes[4 * index], boxes[4 * index + 1])
    return Box(
      x1: Float(x), y1: Float(y), x2: Float(x + boxes[4 * index + 2]), y2: Float(y + boxes[4 * index + 3]))
  }
}
