internal import Foundation
public import Layers
public import PoseCore
public import Tensor

/// Anchor-free head with three branches a level: boxes as side distances or distributions of them, class scores,
/// keypoints.
///
/// On demand it has a second set of branches that learns one anchor a target, so that its predictions need no
/// suppression, and says how sure it is of each keypoint, with a flow that learns how its errors are distributed.
///
/// Source: YOLOv8, YOLO11 and YOLO26 (no papers); Li et al., Generalized Focal Loss, arXiv:2006.04388 (distributions);
/// Maji et al., YOLO-Pose, arXiv:2204.06806 (keypoints of each anchor); Wang et al., YOLOv10, arXiv:2405.14458 (two
/// sets of branches); Li et al., Human Pose Regression with Residual Log-likelihood Estimation, arXiv:2107.11291.
///
/// Checkpoint names: `cv2` boxes, `cv3` classes, `cv4` keypoints, each with a list of levels, `one2one_cv2` and so on
/// for the second set; `cv4_kpts` and `cv4_sigma` where there are deviations, and `flow_model`; `dfl.conv.weight`
/// holds the bins' distances 0…regMax - 1, never trained.
public final class YOLOPoseHead: PoseHead {
  /// What the class branch is made of.
  public enum ClassBranch: String, CaseIterable, Sendable {
    /// `depthwise`, but `full` after layers of families older than YOLO11.
    case auto
    /// Pairs of depthwise and pointwise convolutions (YOLO11).
    case depthwise
    /// 3 × 3 convolutions (YOLOv8).
    case full
  }

  public let layout: HeadLayout
  let oneToMany: [YOLOPoseBranches]
  /// Empty without a second set of branches.
  let oneToOne: [YOLOPoseBranches]
  let flow: RealNVP?
  private let bins: Parameter

  /// - Parameters:
  ///   - inputs: one map a level, finest first.
  ///   - layout: what the head is to give; its strides are those of the inputs.
  ///   - usesDepthwiseClasses: see `ClassBranch`.
  public init(inputs: [FeatureShape], layout: HeadLayout, usesDepthwiseClasses: Bool = true) {
    var layout = layout
    layout.strides = inputs.map(\.stride)
    self.layout = layout
    let first = inputs.first?.channels ?? 1
    let make = { (input: FeatureShape) in
      YOLOPoseBranches(
        input: input, firstChannels: first, layout: layout, usesDepthwiseClasses: usesDepthwiseClasses)
    }
    oneToMany = inputs.map(make)
    oneToOne = layout.hasOneToOne ? inputs.map(make) : []
    flow = layout.hasKeypointSigmas ? RealNVP() : nil
    bins = Parameter(
      [1, layout.regMax, 1, 1], role: .weight, initializer: .values((0..<layout.regMax).map { Float($0) }),
      isConstant: true)
    // The second set begins with the numbers of the first.
    for (copy, original) in zip(oneToOne, oneToMany) { copy.begin(like: original) }
  }

  public var members: [LayerMember] {
    var members =
      LayerMember.list("cv2", oneToMany.map(\.boxes)) + LayerMember.list("cv3", oneToMany.map(\.scores))
    if layout.regMax > 1 { members.append(.parameter("dfl.conv.weight", bins)) }
    members += Self.keypointMembers(oneToMany, prefix: "")
    members += LayerMember.list("one2one_cv2", oneToOne.map(\.boxes))
    members += LayerMember.list("one2one_cv3", oneToOne.map(\.scores))
    members += Self.keypointMembers(oneToOne, prefix: "one2one_")
    if let flow { members.append(.layer("flow_model", flow)) }
    return members
  }

  private static func keypointMembers(_ levels: [YOLOPoseBranches], prefix: String) -> [LayerMember] {
    LayerMember.list(prefix + "cv4", levels.map(\.keypoints))
      + LayerMember.list(prefix + "cv4_kpts", levels.compactMap(\.keypointOutput))
      + LayerMember.list(prefix + "cv4_sigma", levels.compactMap(\.sigmaOutput))
  }

  public func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> HeadOutput {
    precondition(
      features.count == oneToMany.count, "\(oneToMany.count) levels expected, got \(features.count)")
    func run(_ levels: [YOLOPoseBranches], _ maps: [Tensor]) -> () -> [HeadOutput.Level] {
      { zip(levels, maps).map { level, map in level(map, pass) } }
    }
    // The one-to-one branches learn from what the others make of the backbone, without changing it.
    let second = oneToOne.isEmpty ? nil : run(oneToOne, features.map(\.detached))
    var density: HeadOutput.LogDensity?
    if let flow, pass.mode == .training { density = { flow.logProbability(of: $0, pass) } }
    return HeadOutput(
      layout: layout, batch: features.first?.shape[0] ?? 0, isDeferred: pass.mode != .training,
      errorDensity: density, oneToMany: run(oneToMany, features), oneToOne: second)
  }

  public func decode(_ output: HeadOutput, image: Int, minimumScore: Float?) -> DecodedOutput {
    PoseDecoder.decode(output, image: image, minimumScore: minimumScore)
  }
}
