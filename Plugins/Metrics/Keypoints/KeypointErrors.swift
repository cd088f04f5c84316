public import PoseCore

/// Gathers how far every labelled keypoint was missed, for metrics that are means over them.
public struct KeypointErrors {
  /// One labelled keypoint.
  public struct Sample: Sendable {
    public var keypoint: Int
    public var classIndex: Int
    /// Pixels; infinite where no detection was matched with the label.
    public var distance: Double
    /// The label's reference length in pixels.
    public var length: Double

    public var isDetected: Bool { distance.isFinite }
    /// The error in units of the reference length.
    public var share: Double { distance / length }
  }

  public let skeleton: Skeleton
  public let matching: InstanceMatching
  public let reference: ReferenceLength
  private let sigmas: [Double]
  public private(set) var samples: [Sample] = []
  /// Labels that count.
  public private(set) var labelCount = 0
  public private(set) var matchedCount = 0
  /// Labels left out because their reference length cannot be measured.
  public private(set) var unmeasuredCount = 0

  public init(skeleton: Skeleton, matching: InstanceMatching, reference: ReferenceLength) {
    self.skeleton = skeleton
    self.matching = matching
    self.reference = reference
    sigmas = skeleton.evaluationSigmas
  }

  public mutating func reset() {
    self = KeypointErrors(skeleton: skeleton, matching: matching, reference: reference)
  }

  public mutating func add(_ image: EvaluatedImage) {
    for pair in matching.pairs(in: image, sigmas: sigmas) {
      let label = pair.label.instance
      guard let length = reference(label) else {
        unmeasuredCount += 1
        continue
      }
      labelCount += 1
      if pair.detection != nil { matchedCount += 1 }
      for (index, keypoint) in label.keypoints.enumerated() where keypoint.isLabelled {
        var distance = Double.infinity
        if let point = pair.detection?.keypoints[index] {
          let (dx, dy) = (Double(point.x) - Double(keypoint.x), Double(point.y) - Double(keypoint.y))
          distance = (dx * dx + dy * dy).squareRoot()
        }
        samples.append(
          Sample(keypoint: index, classIndex: label.classIndex, distance: distance, length: length))
      }
    }
  }

  /// Samples of each keypoint, in the order of the skeleton.
  public var byKeypoint: [[Sample]] {
    var groups = [[Sample]](repeating: [], count: skeleton.keypointCount)
    for sample in samples { groups[sample.keypoint].append(sample) }
    return groups
  }

  /// The share of labels that a detection was matched with; NaN without labels.
  var matchedShare: Double { Double(matchedCount) / Double(labelCount) }

  /// The report with what all of these metrics have in common.
  ///
  /// - Parameters:
  ///   - figures: of any samples; those of all become the report's values, `logged` among them go to logs.
  ///   - columns: the table's, one a figure.
  func report(
    _ name: String, columns: [MetricTable.Column], classNames: [String], notes: [String],
    figures: ([Sample]) -> [Double], extra: [MetricValue] = []
  ) -> MetricReport {
    func values(_ samples: [Sample]) -> [MetricValue] {
      zip(columns, figures(samples)).map { MetricValue($0.name, $1) }
    }
    let rows = byKeypoint.enumerated().map { index, samples in
      MetricTable.Row(skeleton.name(of: index), [Double(samples.count)] + figures(samples))
    }
    let all = values(samples) + extra
    let classes = Dictionary(grouping: samples, by: \.classIndex).sorted { $0.key < $1.key }
    var notes = [matching.note] + notes
    if unmeasuredCount > 0 {
      notes.append(
        "\(unmeasuredCount) labels were left out: \(reference.description(skeleton)) is unknown there")
    }
    return MetricReport(
      name: name, values: all + [MetricValue("matched", matchedShare)],
      classes: classes.map { index, samples in
        MetricClassReport(
          classIndex: index, className: index < classNames.count ? classNames[index] : "class \(index)",
          labelCount: samples.count, values: values(samples))
      },
      notes: notes, tables: [MetricTable("keypoints", columns: [.count("labels")] + columns, rows: rows)],
      logged: all.map(\.name))
  }

  /// The mean; NaN of nothing.
  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
