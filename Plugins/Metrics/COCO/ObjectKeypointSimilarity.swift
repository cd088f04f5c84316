import PoseCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// COCO's object keypoint similarity: the mean over labelled keypoints of `exp(-d² / (2 area (2σ)²))`.
///
/// If the label has no labelled keypoint, the distances are those to a box of three times its size around it.
/// (cocodataset.org, "Keypoint evaluation"; double precision, operations in the order of pycocotools.)
public struct ObjectKeypointSimilarity: Sendable {
  private let variances: [Double]
  private static let spacing = 2.220446049250313e-16

  /// - Parameter sigmas: one a keypoint.
  public init(sigmas: [Double]) { variances = sigmas.map { ($0 * 2) * ($0 * 2) } }

  public var keypointCount: Int { variances.count }

  /// The term of each keypoint in the mean, 0…1; NaN for keypoints that do not count.
  ///
  /// - Parameters:
  ///   - detection: 2K: all x, then all y.
  ///   - label: 3K: all x, then all y, then all visibilities.
  ///   - box: of the label: left, top, width, height.
  ///   - area: of the label, in square pixels.
  public func terms(
    detection: ArraySlice<Double>, label: ArraySlice<Double>, box: ArraySlice<Double>, area: Double
  ) -> [Double] {
    let (detection, label, box) = (Array(detection), Array(label), Array(box))
    let count = keypointCount
    let anyLabelled = label[(2 * count)...].contains { $0 > 0 }
    return (0..<count).map { point in
      if anyLabelled && !(label[2 * count + point] > 0) { return .nan }
      let offset =
        anyLabelled
        ? (detection[point] - label[point], detection[count + point] - label[count + point])
        : (
          Self.outside(detection[point], box[0], box[2]),
          Self.outside(detection[count + point], box[1], box[3])
        )
      return exp(-distance(offset.0, offset.1, point, area + Self.spacing))
    }
  }

  /// Similarities of all `detections` with all `labels` of an image.
  ///
  /// - Parameter result: `[detection, label]`.
  func fill(
    _ result: UnsafeMutablePointer<Double>, detections: [UnsafePointer<Double>], labels: [Label],
    scratch: UnsafeMutableBufferPointer<Double>
  ) {
    let count = keypointCount
    for (column, label) in labels.enumerated() {
      let area = label.area + Self.spacing
      let visibility = label.points + 2 * count
      var labelled = 0
      for point in 0..<count where visibility[point] > 0 { labelled += 1 }
      for (row, detection) in detections.enumerated() {
        var terms = 0
        for point in 0..<count {
          let offset: (Double, Double)
          if labelled > 0 {
            if !(visibility[point] > 0) { continue }
            offset = (
              detection[point] - label.points[point], detection[count + point] - label.points[count + point]
            )
          } else {
            offset = (
              Self.outside(detection[point], label.box[0], label.box[2]),
              Self.outside(detection[count + point], label.box[1], label.box[3])
            )
          }
          scratch[terms] = distance(offset.0, offset.1, point, area)
          terms += 1
        }
        for term in 0..<terms { scratch[term] = exp(-scratch[term]) }
        result[row * labels.count + column] =
          PairwiseSum.sum(UnsafeBufferPointer(rebasing: scratch[..<terms])) / Double(terms)
      }
    }
  }

  /// A label of `fill`.
  struct Label {
    var points: UnsafePointer<Double>
    var box: UnsafePointer<Double>
    var area: Double
  }

  @inline(__always)
  private func distance(_ dx: Double, _ dy: Double, _ point: Int, _ area: Double) -> Double {
    (dx * dx + dy * dy) / variances[point] / area / 2
  }

  /// How far `value` lies outside of the side that is three times as long as `start…start + length`.
  @inline(__always)
  private static func outside(_ value: Double, _ start: Double, _ length: Double) -> Double {
    positive(start - length - value) + positive(value - (start + length * 2))
  }

  /// NaN stays NaN.
  @inline(__always)
  private static func positive(_ value: Double) -> Double { value < 0 ? 0 : value }
}
