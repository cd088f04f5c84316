import PoseCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Matches one image's detections with its labels as the reference YOLO tools do, in single precision.
///
/// At each threshold the detections choose by descending score: each takes the most similar free label of its
/// class, and is right if that similarity reaches the threshold.
struct YOLOMatcher {
  /// 0.5, 0.55 … 0.95, counted from both ends.
  static let thresholds: [Float] = {
    let step: Float = (0.95 - 0.5) / 9
    return (0..<10).map { $0 < 5 ? 0.5 + step * Float($0) : 0.95 - step * Float(9 - $0) }
  }()

  /// The share of its box that a person's outline covers; stands for the area labels do not tell.
  /// (xtcocotools, which took it for CrowdPose.)
  private static let areaShare: Float = 0.53
  private static let epsilon: Float = 1e-7

  let sigmas: [Float]

  /// - Parameters:
  ///   - detections: by descending score.
  ///   - similarities: `[label, detection]`.
  /// - Returns: for each detection, bit `t` is set if it is right at threshold `t`.
  static func match(
    _ detections: [Detection], _ labels: [Instance], _ similarities: [Float]
  ) -> [UInt16] {
    var right = [UInt16](repeating: 0, count: detections.count)
    var taken = [UInt16](repeating: 0, count: labels.count)
    for (index, detection) in detections.enumerated() {
      for (place, threshold) in thresholds.enumerated() {
        let bit = UInt16(1) << UInt16(place)
        var best: Float = 0
        var choice: Int?
        for label in labels.indices
        where labels[label].classIndex == detection.classIndex && taken[label] & bit == 0 {
          let similarity = similarities[label * detections.count + index]
          if similarity > best {
            best = similarity
            choice = label
          }
        }
        guard let choice, best >= threshold else { continue }
        right[index] |= bit
        taken[choice] |= bit
      }
    }
    return right
  }

  /// Intersection over union, `[label, detection]`.
  func boxSimilarities(_ detections: [Detection], _ labels: [Instance]) -> [Float] {
    labels.flatMap { label in
      detections.map { detection in
        let (a, b) = (label.box, detection.box)
        let width = max(0, min(a.x2, b.x2) - max(a.x1, b.x1))
        let height = max(0, min(a.y2, b.y2) - max(a.y1, b.y1))
        let shared = width * height
        return shared / (a.area + b.area - shared + Self.epsilon)
      }
    }
  }

  /// Object keypoint similarity with 0.53 of the label's box as its area, `[label, detection]`.
  func keypointSimilarities(_ detections: [Detection], _ labels: [Instance]) -> [Float] {
    labels.flatMap { label in
      let area = label.box.area * Self.areaShare
      let labelled = Float(label.keypoints.count { $0.visibility != .unlabelled })
      let scales = sigmas.map { 2 * $0 * (2 * $0) * (area + Self.epsilon) * 2 }
      return detections.map { detection in
        var sum: Float = 0
        for (index, point) in label.keypoints.enumerated() where point.visibility != .unlabelled {
          let dx = point.x - detection.keypoints[index].x
          let dy = point.y - detection.keypoints[index].y
          sum += expf(-((dx * dx + dy * dy) / scales[index]))
        }
        return sum / (labelled + Self.epsilon)
      }
    }
  }
}
