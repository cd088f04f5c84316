public import PoseCore

/// How far detected keypoints lie from their labels: mean and median of the distances.
///
/// `epe` is in pixels of the original image, `nme` in reference lengths. Both are over all labelled keypoints of
/// labels that a detection was matched with; `matched` says how many those are. Unlabelled keypoints never count.
///
/// Sources: Zimmermann and Brox, arXiv:1705.01389 (EPE); Sagonas et al., 300 Faces in-the-Wild Challenge, ICCVW 2013
/// (NME).
public final class EndpointErrorMetric: Metric {
  public let name: String
  private let title: String
  private let classNames: [String]
  private var errors: KeypointErrors

  /// - Parameter reference: `.pixel` makes it the end-point error, any other the normalised mean error.
  public init(
    skeleton: Skeleton, classNames: [String], reference: ReferenceLength,
    matching: InstanceMatching = InstanceMatching()
  ) {
    name = reference == .pixel ? "epe" : "nme"
    title = reference == .pixel ? "EPE" : "NME"
    self.classNames = classNames
    errors = KeypointErrors(skeleton: skeleton, matching: matching, reference: reference)
  }

  public func reset() { errors.reset() }

  public func update(_ image: EvaluatedImage) { errors.add(image) }

  public func compute() -> MetricReport {
    errors.report(
      name, columns: [.init(title), .init("median")], classNames: classNames,
      notes: [
        "errors in units of: \(errors.reference.description(errors.skeleton)); unmatched labels are left out"
      ],
      figures: { samples in
        let shares = samples.filter(\.isDetected).map(\.share).sorted()
        let middle = shares.count / 2
        let median =
          shares.isEmpty
          ? Double.nan : shares.count % 2 == 1 ? shares[middle] : (shares[middle - 1] + shares[middle]) / 2
        return [KeypointErrors.mean(shares), median]
      })
  }
}

extension EndpointErrorMetric {
  /// `epe`.
  public static let component = Component<MetricContext, any Metric>(
    "epe", aliases: ["EPE"], summary: "mean distance of detected keypoints in pixels, by keypoint",
    reference: "Zimmermann and Brox, arXiv:1705.01389", parameters: InstanceMatching.parameters(.iou)
  ) { arguments, context in
    EndpointErrorMetric(
      skeleton: context.skeleton, classNames: context.classNames, reference: .pixel,
      matching: try InstanceMatching(arguments))
  }

  /// `nme`.
  public static let normalizedComponent = Component<MetricContext, any Metric>(
    "nme", aliases: ["NME"], summary: "mean distance of detected keypoints as a part of the label's size",
    reference: "Sagonas et al., 300 Faces in-the-Wild Challenge, ICCVW 2013",
    parameters: ReferenceLength.parameters(.bboxArea) + InstanceMatching.parameters(.iou)
  ) { arguments, context in
    let reference = try ReferenceLength(arguments, context.skeleton)
    if reference == .pixel {
      throw arguments.error("errors in pixels are the metric 'epe'", at: "normalize")
    }
    return EndpointErrorMetric(
      skeleton: context.skeleton, classNames: context.classNames, reference: reference,
      matching: try InstanceMatching(arguments))
  }
}
