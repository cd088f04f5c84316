public import PoseCore

/// Object keypoint similarity keypoint by keypoint, and what kinds of errors each makes.
///
/// Of every labelled keypoint whose label a detection was matched with, the similarity is
/// s = exp(-d² / (2 area (2σ)²)); its kind is the first that holds:
/// - good: s is 0.85 or more;
/// - jitter: s is 0.5 or more;
/// - inversion: it lies with a similarity of 0.5 or more at its mirror image of the same object (left for right);
/// - swap: it lies so at the same keypoint, or its mirror image, of another object of the image;
/// - miss: it lies at none of these.
///
/// Of inversion and swap the more similar place decides. `detected` is the share of labelled keypoints whose label
/// was matched at all; the shares of the kinds are among these.
///
/// Source: Ronchi and Perona, Benchmarking and Error Diagnosis in Multi-Instance Pose Estimation, ICCV 2017,
/// arXiv:1707.05388, whose thresholds and matching (OKS of 0.1 or more) these are.
public final class KeypointSimilarityMetric: Metric {
  public enum Kind: Int, Sendable, CaseIterable {
    case good, jitter, inversion, swap, miss
  }

  /// What is known of one keypoint of the skeleton.
  private struct Tally {
    var labels = 0
    var detected = 0
    var similarity = 0.0
    var distance = 0.0
    /// Distance over the root of the object's area.
    var share = 0.0
    var kinds = [Int](repeating: 0, count: Kind.allCases.count)

    static func + (a: Tally, b: Tally) -> Tally {
      Tally(
        labels: a.labels + b.labels, detected: a.detected + b.detected,
        similarity: a.similarity + b.similarity,
        distance: a.distance + b.distance, share: a.share + b.share, kinds: zip(a.kinds, b.kinds).map(+))
    }

    var figures: [Double] {
      let count = Double(detected)
      return [Double(detected) / Double(labels), similarity / count, distance / count, share / count]
        + kinds.map { Double($0) / count }
    }
  }

  public let name = "keypoint_oks"
  private let skeleton: Skeleton
  private let sigmas: [Double]
  private let matching: InstanceMatching
  private var tallies: [Tally]
  private var classTallies: [Int: Tally] = [:]
  private let classNames: [String]

  private static let columns: [MetricTable.Column] =
    [.init("detected"), .init("OKS"), .init("pixels", decimals: 2), .init("error")]
    + ["good", "jitter", "inversion", "swap", "miss"].map { .init($0) }

  public init(
    skeleton: Skeleton, classNames: [String], matching: InstanceMatching = InstanceMatching(.oks)
  ) {
    self.skeleton = skeleton
    self.classNames = classNames
    self.matching = matching
    sigmas = skeleton.evaluationSigmas
    tallies = Array(repeating: Tally(), count: skeleton.keypointCount)
  }

  public func reset() {
    tallies = Array(repeating: Tally(), count: skeleton.keypointCount)
    classTallies = [:]
  }

  public func update(_ image: EvaluatedImage) {
    let pairs = matching.pairs(in: image, sigmas: sigmas)
    let labels = pairs.map(\.label)
    for (owner, pair) in pairs.enumerated() {
      for (index, keypoint) in pair.label.instance.keypoints.enumerated() where keypoint.isLabelled {
        var tally = Tally()
        tally.labels = 1
        if let point = pair.detection?.keypoints[index] {
          let (dx, dy) = (Double(point.x) - Double(keypoint.x), Double(point.y) - Double(keypoint.y))
          tally.detected = 1
          tally.similarity = pair.label.similarity(of: point, toKeypoint: index, sigma: sigmas[index])
          tally.distance = (dx * dx + dy * dy).squareRoot()
          tally.share = tally.distance / max(pair.label.area, .ulpOfOne).squareRoot()
          tally.kinds[kind(of: point, index, tally.similarity, owner: owner, labels).rawValue] = 1
        }
        tallies[index] = tallies[index] + tally
        let classIndex = pair.label.instance.classIndex
        classTallies[classIndex] = (classTallies[classIndex] ?? Tally()) + tally
      }
    }
  }

  private func kind(
    of point: PredictedKeypoint, _ index: Int, _ similarity: Double, owner: Int, _ labels: [GroundTruth]
  ) -> Kind {
    if similarity >= 0.85 { return .good }
    if similarity >= 0.5 { return .jitter }
    let mirror = skeleton.flipIndices.map { $0[index] } ?? index
    var best = (kind: Kind.miss, similarity: 0.5)
    for (number, label) in labels.enumerated() {
      for candidate in Set([index, mirror]).sorted() where number != owner || candidate != index {
        guard label.instance.keypoints[candidate].isLabelled else { continue }
        let similarity = label.similarity(of: point, toKeypoint: candidate, sigma: sigmas[candidate])
        let kind: Kind = number == owner ? .inversion : .swap
        if similarity > best.similarity || (similarity == best.similarity && best.kind != .inversion) {
          best = (kind, similarity)
        }
      }
    }
    return best.kind
  }

  public func compute() -> MetricReport {
    let all = tallies.reduce(Tally(), +)
    let names = Self.columns.map(\.name)
    func values(_ tally: Tally) -> [MetricValue] { zip(names, tally.figures).map { MetricValue($0, $1) } }
    var notes = [
      matching.note, COCOKeypointsMetric.note(skeleton.sigmaSource, count: skeleton.keypointCount),
      "error: distance over the root of the object's area",
    ]
    if skeleton.flipIndices == nil { notes.append("no inversions are told: the data set gives no flip_idx") }
    return MetricReport(
      name: name, values: values(all),
      classes: classTallies.sorted { $0.key < $1.key }.map { index, tally in
        MetricClassReport(
          classIndex: index, className: index < classNames.count ? classNames[index] : "class \(index)",
          labelCount: tally.labels, values: values(tally))
      },
      notes: notes,
      tables: [
        MetricTable(
          "keypoints", columns: [.count("labels")] + Self.columns,
          rows: tallies.enumerated().map {
            MetricTable.Row(skeleton.name(of: $0), [Double($1.labels)] + $1.figures)
          })
      ], logged: ["OKS"])
  }
}

extension KeypointSimilarityMetric {
  /// `keypoint_oks`.
  public static let component = Component<MetricContext, any Metric>(
    "keypoint_oks", summary: "OKS by keypoint, and how they fail: jitter, inversion, swap, miss",
    reference: "Ronchi and Perona, ICCV 2017, arXiv:1707.05388", parameters: InstanceMatching.parameters(.oks)
  ) { arguments, context in
    KeypointSimilarityMetric(
      skeleton: context.skeleton, classNames: context.classNames, matching: try InstanceMatching(arguments))
  }
}
