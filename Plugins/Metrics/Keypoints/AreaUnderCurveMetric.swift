public import PoseCore

/// The area under the curve of PCK over its threshold, from 0 to `maximum`, as a part of the whole.
///
/// The area is exact: a keypoint missed by x reference lengths counts max(0, 1 - x / maximum). Keypoints of labels
/// without a matching detection count 0, unless `countsUnmatched` is off; unlabelled keypoints never count.
///
/// Source: Zimmermann and Brox, Learning to Estimate 3D Hand Pose from Single RGB Images, arXiv:1705.01389 (for 2D as
/// for 3D); the usual tools add up a few thresholds instead.
public final class AreaUnderCurveMetric: Metric {
  public let name = "auc"
  public let maximum: Double
  public let countsUnmatched: Bool
  private let classNames: [String]
  private var errors: KeypointErrors

  /// - Parameter maximum: above 0, in reference lengths.
  public init(
    skeleton: Skeleton, classNames: [String], maximum: Double, reference: ReferenceLength = .box,
    matching: InstanceMatching = InstanceMatching(), countsUnmatched: Bool = true
  ) {
    self.maximum = maximum
    self.countsUnmatched = countsUnmatched
    self.classNames = classNames
    errors = KeypointErrors(skeleton: skeleton, matching: matching, reference: reference)
  }

  public func reset() { errors.reset() }

  public func update(_ image: EvaluatedImage) { errors.add(image) }

  public func compute() -> MetricReport {
    func counted(_ samples: [KeypointErrors.Sample]) -> [KeypointErrors.Sample] {
      countsUnmatched ? samples : samples.filter(\.isDetected)
    }
    func area(_ samples: [KeypointErrors.Sample]) -> Double {
      KeypointErrors.mean(counted(samples).map { max(0, 1 - $0.share / maximum) })
    }
    var report = errors.report(
      name, columns: [.init("AUC")], classNames: classNames,
      notes: [
        "area under PCK up to \(maximum) × \(errors.reference.description(errors.skeleton)); keypoints of unmatched "
          + "labels " + (countsUnmatched ? "are wrong" : "are left out")
      ], figures: { [area($0)] })
    report.curves = [curve(counted)]
    return report
  }

  /// PCK over the threshold, for each keypoint and for all.
  private func curve(_ counted: ([KeypointErrors.Sample]) -> [KeypointErrors.Sample]) -> MetricCurve {
    let x = (0...100).map { maximum * Double($0) / 100 }
    func course(_ samples: [KeypointErrors.Sample]) -> [Double] {
      let shares = counted(samples).map(\.share).sorted()
      var count = 0
      return x.map { threshold in
        while count < shares.count, shares[count] <= threshold { count += 1 }
        return Double(count) / Double(max(1, shares.count))
      }
    }
    return MetricCurve(
      name: "PCK", xLabel: "threshold", yLabel: "PCK", x: x,
      series: errors.byKeypoint.enumerated().map {
        MetricCurve.Series(label: errors.skeleton.name(of: $0), y: course($1))
      },
      mean: course(errors.samples))
  }
}

extension AreaUnderCurveMetric {
  /// `auc`.
  public static let component = Component<MetricContext, any Metric>(
    "auc", aliases: ["AUC"], summary: "area under PCK over its threshold, by keypoint",
    reference: "Zimmermann and Brox, arXiv:1705.01389",
    parameters: [
      .init(
        "max_alpha", .float(above: 0), default: 0.5, help: "reference lengths at which the curve ends")
    ] + ReferenceLength.parameters(.bbox) + [UnmatchedLabels.parameter] + InstanceMatching.parameters(.iou)
  ) { arguments, context in
    AreaUnderCurveMetric(
      skeleton: context.skeleton, classNames: context.classNames, maximum: try arguments.double("max_alpha"),
      reference: try ReferenceLength(arguments, context.skeleton), matching: try InstanceMatching(arguments),
      countsUnmatched: try arguments.choice("unmatched", of: UnmatchedLabels.self) == .miss)
  }
}
