internal import Foundation
public import PoseCore

/// Which detection stands for which label, for measures of keypoints alone.
///
/// Detections of an image, those of higher score first, each take the free label of their class that is most similar
/// to them, if its similarity reaches the threshold. Labels without a labelled keypoint, and those that only mark
/// regions to be ignored, take no part.
public struct InstanceMatching: Sendable, Equatable {
  /// How similar a detection and a label are.
  public enum Similarity: String, Sendable, CaseIterable {
    /// Intersection over union of the boxes.
    case iou
    /// Object keypoint similarity, as COCO defines it.
    case oks
  }

  public var similarity: Similarity
  public var threshold: Double
  /// Detections of lower scores are left out.
  public var minimumScore: Double

  /// - Parameter threshold: nil means 0.5 for boxes and 0.1 for keypoints.
  public init(_ similarity: Similarity = .iou, threshold: Double? = nil, minimumScore: Double = 0) {
    self.similarity = similarity
    self.threshold = threshold ?? (similarity == .iou ? 0.5 : 0.1)
    self.minimumScore = minimumScore
  }

  /// A label with the detection that stands for it, if any.
  public struct Pair: Sendable {
    public var label: GroundTruth
    public var detection: Detection?
  }

  /// One pair for each label that counts, in their order.
  ///
  /// - Parameter sigmas: one a keypoint.
  public func pairs(in image: EvaluatedImage, sigmas: [Double]) -> [Pair] {
    var pairs = image.groundTruths.filter(\.counts).map { Pair(label: $0, detection: nil) }
    let candidates = image.detections.filter { $0.isFinite && Double($0.score) >= minimumScore }
    for place in StableOrder.descending(candidates.map { Double($0.score) }) {
      let detection = candidates[Int(place)]
      var best: (index: Int, similarity: Double)?
      for (index, pair) in pairs.enumerated()
      where pair.detection == nil && pair.label.instance.classIndex == detection.classIndex {
        let similarity = similarity(of: detection, to: pair.label, sigmas)
        if similarity >= threshold, similarity > best?.similarity ?? -1 { best = (index, similarity) }
      }
      if let best { pairs[best.index].detection = detection }
    }
    return pairs
  }

  private func similarity(of detection: Detection, to label: GroundTruth, _ sigmas: [Double]) -> Double {
    switch similarity {
    case .iou: return label.instance.box.overlap(with: detection.box)
    case .oks:
      let terms = label.instance.keypoints.indices.filter { label.instance.keypoints[$0].isLabelled }.map {
        label.similarity(of: detection.keypoints[$0], toKeypoint: $0, sigma: sigmas[$0])
      }
      return terms.reduce(0, +) / Double(max(1, terms.count))
    }
  }

  /// What reports say of it.
  public var note: String {
    let measure = similarity == .iou ? "box IoU" : "OKS"
    let scores = minimumScore > 0 ? ", detections of score \(minimumScore) and more" : ""
    return "labels matched by \(measure) of at least \(threshold), higher scores first\(scores)"
  }
}

extension InstanceMatching {
  /// The parameters of metrics that match.
  static func parameters(_ similarity: Similarity) -> [ParameterDeclaration] {
    [
      .init(
        "match", .choice(of: Similarity.self), default: .string(similarity.rawValue),
        help: "what detections and labels are matched by: overlap of boxes, or OKS"),
      .init(
        "match_threshold", .float(0...1), default: .null,
        help: "least similarity of a match; none means 0.5 for iou, 0.1 for oks"),
      .init(
        "min_score", .float(0...1), default: 0.0, help: "detections of lower scores are left out",
        aliases: ["conf"]),
    ]
  }

  init(_ arguments: Arguments) throws {
    self.init(
      try arguments.choice("match"), threshold: try arguments.optionalDouble("match_threshold"),
      minimumScore: try arguments.double("min_score"))
  }
}

extension GroundTruth {
  /// Whether its keypoints are measured.
  var counts: Bool { !isCrowd && !isIgnored && instance.keypoints.contains(where: \.isLabelled) }

  /// `exp(-d² / (2 area (2σ)²))`.
  func similarity(of point: PredictedKeypoint, toKeypoint index: Int, sigma: Double) -> Double {
    let wanted = instance.keypoints[index]
    let (dx, dy) = (Double(point.x) - Double(wanted.x), Double(point.y) - Double(wanted.y))
    let variance = 4 * sigma * sigma
    return exp(-(dx * dx + dy * dy) / (2 * variance * max(area, .ulpOfOne)))
  }
}

extension Keypoint {
  var isLabelled: Bool { visibility != .unlabelled }
}

extension Detection {
  /// Whether all of its numbers are finite.
  fileprivate var isFinite: Bool {
    score.isFinite && (box.x1 + box.y1 + box.x2 + box.y2).isFinite
      && keypoints.allSatisfy { $0.x.isFinite && $0.y.isFinite }
  }
}

extension Box {
  /// Intersection over union; 0 for boxes without area.
  func overlap(with other: Box) -> Double {
    let width = max(0, Double(min(x2, other.x2)) - Double(max(x1, other.x1)))
    let height = max(0, Double(min(y2, other.y2)) - Double(max(y1, other.y1)))
    let union =
      Double(self.width) * Double(self.height) + Double(other.width) * Double(other.height) - width * height
    return union > 0 ? width * height / union : 0
  }
}
