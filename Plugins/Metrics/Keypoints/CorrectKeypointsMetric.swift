public import PoseCore

/// The percentage of correct keypoints: the share of labelled keypoints that lie within α reference lengths of where
/// they should be.
///
/// `PCK@α` is over all labelled keypoints at once, `mPCK@α` the mean of the keypoints' own shares. Keypoints of labels
/// without a matching detection are wrong, unless `countsUnmatched` is off; unlabelled keypoints never count.
///
/// Sources: Yang and Ramanan, Articulated Human Detection with Flexible Mixtures of Parts, PAMI 2013 (PCK);
/// Andriluka et al., 2D Human Pose Estimation, CVPR 2014 (PCKh).
public final class CorrectKeypointsMetric: Metric {
  public let name: String
  public let alpha: Double
  public let countsUnmatched: Bool
  private let classNames: [String]
  private let notes: [String]
  private var errors: KeypointErrors

  /// - Parameters:
  ///   - notes: what else a reader must know.
  public init(
    name: String = "pck", skeleton: Skeleton, classNames: [String], alpha: Double,
    reference: ReferenceLength = .box, matching: InstanceMatching = InstanceMatching(),
    countsUnmatched: Bool = true, notes: [String] = []
  ) {
    self.name = name
    self.alpha = alpha
    self.countsUnmatched = countsUnmatched
    self.classNames = classNames
    self.notes = notes
    errors = KeypointErrors(skeleton: skeleton, matching: matching, reference: reference)
  }

  public func reset() { errors.reset() }

  public func update(_ image: EvaluatedImage) { errors.add(image) }

  public func compute() -> MetricReport {
    let title = (name == "pckh" ? "PCKh" : "PCK") + "@\(alpha)"
    func share(_ samples: [KeypointErrors.Sample]) -> Double {
      let counted = countsUnmatched ? samples : samples.filter(\.isDetected)
      return Double(counted.count { $0.share <= alpha }) / Double(counted.count)
    }
    let shares = errors.byKeypoint.map(share).filter { !$0.isNaN }
    return errors.report(
      name, columns: [.init(title)], classNames: classNames,
      notes: [
        "correct: within \(alpha) × \(errors.reference.description(errors.skeleton)); keypoints of unmatched labels "
          + (countsUnmatched ? "are wrong" : "are left out")
      ] + notes,
      figures: { [share($0)] }, extra: [MetricValue("m" + title, KeypointErrors.mean(shares))])
  }
}

/// How keypoints of labels count that no detection was matched with.
enum UnmatchedLabels: String, CaseIterable {
  case miss
  case skip

  static let parameter = ParameterDeclaration(
    "unmatched", .choice(of: UnmatchedLabels.self), default: "miss",
    help: "keypoints of labels without a detection are wrong (miss) or left out (skip)")
}

extension CorrectKeypointsMetric {
  /// `pck`.
  public static let component = Component<MetricContext, any Metric>(
    "pck", aliases: ["PCK"], summary: "share of keypoints within a part of the label's size, by keypoint",
    reference: "Yang and Ramanan, Articulated Human Detection with Flexible Mixtures of Parts, PAMI 2013",
    parameters: [
      .init(
        "alpha", .float(0...1000), default: 0.05, help: "reference lengths up to which a keypoint is correct",
        aliases: ["thr", "threshold"])
    ] + ReferenceLength.parameters(.bbox) + [UnmatchedLabels.parameter] + InstanceMatching.parameters(.iou)
  ) { arguments, context in
    CorrectKeypointsMetric(
      skeleton: context.skeleton, classNames: context.classNames, alpha: try arguments.double("alpha"),
      reference: try ReferenceLength(arguments, context.skeleton), matching: try InstanceMatching(arguments),
      countsUnmatched: try arguments.choice("unmatched", of: UnmatchedLabels.self) == .miss)
  }

  /// `pckh`: reference is the head segment.
  public static let headComponent = Component<MetricContext, any Metric>(
    "pckh", aliases: ["PCKh"], summary: "share of keypoints within a part of the head segment, by keypoint",
    reference: "Andriluka et al., 2D Human Pose Estimation, CVPR 2014",
    parameters: [
      .init(
        "alpha", .float(0...1000), default: 0.5, help: "head segments up to which a keypoint is correct",
        aliases: ["thr", "threshold"]),
      .init(
        "from", .string(), default: .null,
        help:
          "keypoint at one end of the head segment; none means head_top to upper_neck, or what the skeleton "
          + "has in their place"),
      .init("to", .string(), default: .null, help: "keypoint at its other end"),
      UnmatchedLabels.parameter,
    ] + InstanceMatching.parameters(.iou)
  ) { arguments, context in
    let skeleton = context.skeleton
    let given = try ReferenceLength.ends(arguments, skeleton)
    guard let (from, to) = given ?? headSegment(of: skeleton) else {
      throw arguments.error(
        "the skeleton has no head segment that PoseLab knows; name its ends with 'from' and 'to'", at: "from")
    }
    let isEars = given == nil && skeleton.name(of: from) == "left_ear"
    return CorrectKeypointsMetric(
      name: "pckh", skeleton: skeleton, classNames: context.classNames, alpha: try arguments.double("alpha"),
      reference: .segment(from, to), matching: try InstanceMatching(arguments),
      countsUnmatched: try arguments.choice("unmatched", of: UnmatchedLabels.self) == .miss,
      notes: isEars
        ? ["the distance of the ears stands for MPII's head segment: not to be compared with figures on MPII"]
        : [])
  }

  /// The ends of the head segment by the names that data sets use.
  private static func headSegment(of skeleton: Skeleton) -> (Int, Int)? {
    let tops = ["head_top", "top_head", "top_of_head", "head"]
    let necks = ["upper_neck", "head_bottom", "neck", "thorax"]
    for (from, to) in tops.flatMap({ top in necks.map { (top, $0) } }) + [("left_ear", "right_ear")] {
      if let from = skeleton.index(of: from), let to = skeleton.index(of: to) { return (from, to) }
    }
    return nil
  }
}
