import PoseCore

/// One person and detections of it.
enum Scene {
  static let points: [(Float, Float)] = (0..<17).map { index in
    let column = Float(index % 5)
    let row = Float(index)
    return (40 + column * 11, 30 + row * 9)
  }

  static func label(id: Int, area: Double = 9000) -> GroundTruth {
    GroundTruth(
      id: id,
      instance: Instance(
        classIndex: 0, box: Box(x1: 35, y1: 25, x2: 95, y2: 185),
        keypoints: points.map { Keypoint(x: $0.0, y: $0.1, visibility: .visible) }),
      area: area)
  }

  /// - Parameter shift: of all detected keypoints, in pixels to the right.
  static func image(id: Int, scores: [Float], shift: Float) -> EvaluatedImage {
    EvaluatedImage(
      imageID: id, width: 200, height: 220, groundTruths: [label(id: 10 * id)],
      detections: scores.map { score in
        Detection(
          classIndex: 0, score: score, box: Box(x1: 35, y1: 25, x2: 95, y2: 185),
          keypoints: points.map { PredictedKeypoint(x: $0.0 + shift, y: $0.1, confidence: 1) })
      })
  }
}
