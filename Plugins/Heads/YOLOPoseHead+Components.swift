internal import Config
public import PoseCore

extension YOLOPoseHead {
  /// `yolov8_pose`: 3 × 3 convolutions for the classes.
  public static let yolov8 = component(
    Family(
      name: "yolov8_pose", summary: "Boxes, classes and keypoints of every anchor, decoupled (YOLOv8).",
      reference: "arXiv:2006.04388, arXiv:2204.06806", classBranch: .full))

  /// `yolo11_pose`, which recipes of YOLOv8 and YOLO11 call `Pose`.
  public static let yolo11 = component(
    Family(
      name: "yolo11_pose", aliases: ["Pose"],
      summary: "Boxes, classes and keypoints of every anchor, decoupled (YOLOv8, YOLO11).",
      reference: "arXiv:2006.04388, arXiv:2204.06806", classBranch: .auto))

  /// `yolo26_pose`, which recipes call `Pose26`.
  public static let yolo26 = component(
    Family(
      name: "yolo26_pose", aliases: ["Pose26"],
      summary: "Two sets of branches, of which one needs no NMS, and deviations of the keypoints (YOLO26).",
      reference: "arXiv:2405.14458, arXiv:2107.11291, arXiv:1605.08803", classBranch: .depthwise, regMax: 1,
      hasOneToOne: true, hasSigmas: true, encoding: .plain))

  /// What the families differ in: defaults.
  private struct Family {
    var name: String
    var aliases: [String] = []
    var summary: String
    var reference: String
    var classBranch: ClassBranch
    var regMax = 16
    var hasOneToOne = false
    var hasSigmas = false
    var encoding = Encoding.doubled
  }

  /// How raw keypoints become positions.
  enum Encoding: String, CaseIterable {
    case doubled, plain

    var layout: KeypointEncoding { self == .doubled ? .doubled : .plain }
  }

  private static func component(_ family: Family) -> Component<HeadContext, any PoseHead> {
    Component(
      family.name, aliases: family.aliases, summary: family.summary, reference: family.reference,
      parameters: parameters(family)
    ) { arguments, context in
      try HeadArguments.check(arguments, context)
      let usesDepthwise =
        switch try arguments.choice("class_branch", of: ClassBranch.self) {
        case .depthwise: true
        case .full: false
        case .auto:
          context.layerNames.contains("C3k2") || context.layerNames.isDisjoint(with: ["C2f", "C3"])
        }
      let hasOneToOne =
        try arguments.optionalBool("one_to_one") ?? context.isEndToEnd ?? family.hasOneToOne
      let isNMSFree = try arguments.bool("nms_free")
      if isNMSFree && !hasOneToOne {
        throw arguments.error(
          "\(arguments.owner) has no one-to-one branch to read without NMS; write one_to_one: true",
          at: "nms_free")
      }
      let layout = HeadLayout(
        classCount: context.classCount, keypointCount: context.keypointCount,
        keypointDimensions: context.keypointDimensions,
        regMax: try arguments.optionalInt("reg_max") ?? context.regMax ?? family.regMax, strides: [],
        keypointEncoding: try arguments.choice("keypoint_encoding", of: Encoding.self).layout,
        hasKeypointSigmas: try arguments.bool("keypoint_sigmas"), hasOneToOne: hasOneToOne,
        isNMSFree: isNMSFree)
      return YOLOPoseHead(inputs: context.inputs, layout: layout, usesDepthwiseClasses: usesDepthwise)
    }
  }

  private static func parameters(_ family: Family) -> [ParameterDeclaration] {
    [
      HeadArguments.classes, HeadArguments.keypoints,
      .init(
        "reg_max", .int(1...64), default: .null,
        help: "bins of a box side's distribution, in cells; 1 gives distances; by default the model's, or "
          + "\(family.regMax)"),
      .init(
        "class_branch", .choice(of: ClassBranch.self), default: .string(family.classBranch.rawValue),
        help: "convolutions of the class branch; auto follows the layers before it"),
      .init(
        "one_to_one", .bool, default: .null,
        help:
          "a second set of branches that learns one anchor a target; by default as the model's end2end says,"
          + " or \(family.hasOneToOne)"),
      .init(
        "nms_free", .bool, default: false,
        help: "inference reads the one-to-one branches, without suppression", aliases: ["end2end"]),
      .init(
        "keypoint_sigmas", .bool, default: .bool(family.hasSigmas),
        help: "deviations of the keypoints, and a flow that learns how errors are distributed"),
      .init(
        "keypoint_encoding", .choice(of: Encoding.self), default: .string(family.encoding.rawValue),
        help: "doubled: twice the offset from the cell's corner; plain: the offset from its centre"),
    ]
  }
}
