internal import Config
public import PoseCore

extension YOLOPoseLoss {
  /// `yolo_pose`: gains, and the parts by name. What is not said follows the head.
  public static let component = Component<LossContext, any PoseLoss>(
    "yolo_pose", summary: "boxes, keypoints, visibilities and classes of a YOLO pose head",
    reference:
      "YOLO-Pose, arXiv:2204.06806; Generalized Focal Loss, arXiv:2006.04388; TOOD, arXiv:2108.07755",
    parameters: parameters()
  ) { arguments, context in try make(arguments, context) }

  /// `yolo26_pose`: the same as YOLO26 is trained with it, for heads with two sets of branches and deviations.
  public static let yolo26Component = Component<LossContext, any PoseLoss>(
    "yolo26_pose",
    summary: "one-to-many and one-to-one losses of a YOLO26 pose head, with the keypoints' likelihood",
    reference: "TOOD, arXiv:2108.07755; YOLOv10, arXiv:2405.14458; RLE, arXiv:2107.11291",
    parameters: parameters(
      assigner: "oks_task_aligned", oneToOne: ["type": "oks_task_aligned", "top_k": 7, "final_k": 1],
      side: "l1", likelihood: "rle")
  ) { arguments, context in
    guard context.layout.hasOneToOne else {
      throw Diagnostic(
        .error,
        "\(arguments.owner) needs a head with one-to-one branches, such as yolo26_pose; use yolo_pose",
        at: arguments.location)
    }
    return try make(arguments, context)
  }

  private static func parameters(
    assigner: Node.Value = .null, oneToOne: Node.Value = .null, side: Node.Value = .null,
    likelihood: Node.Value = .null
  ) -> [ParameterDeclaration] {
    [
      .init("box", .float(atLeast: 0), default: 7.5, help: "gain of the boxes' overlap"),
      .init("pose", .float(atLeast: 0), default: 12.0, help: "gain of the keypoints' positions"),
      .init("kobj", .float(atLeast: 0), default: 1.0, help: "gain of the keypoints' visibility"),
      .init("cls", .float(atLeast: 0), default: 0.5, help: "gain of the classes"),
      .init("dfl", .float(atLeast: 0), default: 1.5, help: "gain of the distributions of the box sides"),
      .init("rle", .float(atLeast: 0), default: 1.0, help: "gain of the keypoints' likelihood"),
      .init(
        "assigner", .component("assigner"), default: assigner,
        help:
          "which anchors learn which target; none means task_aligned, or oks_task_aligned for a head with "
          + "deviations"),
      .init(
        "one_to_one_assigner", .component("assigner"), default: oneToOne,
        help: "the same for one-to-one branches; none means 7 candidates a target, of which 1 stays"),
      .init("box_loss", .component("box_loss"), default: "ciou", help: "how far a box is from its target"),
      .init(
        "side_loss", .component("side_loss"), default: side,
        help: "how far the raw distances to the sides are off; none means dfl, or l1 for a head without bins"),
      .init("class_loss", .component("class_loss"), default: "bce", help: "how far class scores are off"),
      .init("keypoint_loss", .component("keypoint_loss"), default: "oks", help: "how far keypoints are off"),
      .init(
        "likelihood_loss", .any, default: likelihood,
        help:
          "how unlikely keypoints are by the head's deviations, or 'none'; by default rle where there are any"
      ),
      .init(
        "one_to_many_first", .float(0...1), default: 0.8,
        help: "share of the one-to-many branches in the first epoch"),
      .init(
        "one_to_many_last", .float(0...1), default: 0.1,
        help: "share of the one-to-many branches in the last epoch"),
    ]
  }

  private static func make(_ arguments: Arguments, _ context: LossContext) throws -> YOLOPoseLoss {
    let registry = context.registry
    let layout = context.layout
    let place = arguments.location
    let familyAssigner = layout.hasKeypointSigmas ? "oks_task_aligned" : "task_aligned"
    let keypointLoss = try registry.keypointLosses.make(try arguments.node("keypoint_loss"), context)
    let assigner = try arguments.node("assigner").or(.string(familyAssigner), at: place)
    let criterion = PoseCriterion(
      assigner: try registry.assigners.make(assigner, context),
      boxLoss: try registry.boxLosses.make(try arguments.node("box_loss"), context),
      sideLoss: try registry.sideLosses.make(try sideLoss(arguments, bins: layout.regMax), context),
      classificationLoss: try registry.classLosses.make(try arguments.node("class_loss"), context),
      keypointLoss: keypointLoss,
      gains: PoseLossGains(
        box: try arguments.float("box"), pose: try arguments.float("pose"), kobj: try arguments.float("kobj"),
        cls: try arguments.float("cls"), dfl: try arguments.float("dfl")))
    var second: PoseCriterion?
    if layout.hasOneToOne {
      let one = try arguments.node("one_to_one_assigner").or(
        ["type": .string(familyAssigner), "top_k": 7, "final_k": 1], at: place)
      second = criterion
      second?.assigner = try registry.assigners.make(one, context)
    }
    let balance = BranchBalance(
      first: try arguments.double("one_to_many_first"), last: try arguments.double("one_to_many_last"))
    return YOLOPoseLoss(
      criterion: criterion, regMax: layout.regMax, oneToOne: second,
      likelihood: try likelihood(arguments, beside: keypointLoss, context),
      likelihoodGain: try arguments.float("rle"),
      balance: balance)
  }

  private static func sideLoss(_ arguments: Arguments, bins: Int) throws -> Node {
    let side = try arguments.node("side_loss").or(.string(bins > 1 ? "dfl" : "l1"), at: arguments.location)
    if (side["type"] ?? side).value == .string("dfl"), bins < 2 {
      throw arguments.error("the head gives distances, not distributions: use 'l1'", at: "side_loss")
    }
    if (side["type"] ?? side).value == .string("l1"), bins > 1 {
      throw arguments.error("the head gives distributions of \(bins) bins: use 'dfl'", at: "side_loss")
    }
    return side
  }

  private static func likelihood(
    _ arguments: Arguments, beside keypointLoss: any KeypointLoss, _ context: LossContext
  ) throws -> (any LikelihoodLoss)? {
    var node = try arguments.node("likelihood_loss")
    let hasSigmas = context.layout.hasKeypointSigmas
    if let alone = keypointLoss as? LikelihoodAlone {
      guard hasSigmas else {
        throw arguments.error(
          "the head gives no deviations of its keypoints; write keypoint_sigmas: true there, or take another loss",
          at: "keypoint_loss")
      }
      // The default of a family stands aside; something else said beside it contradicts.
      guard node.isNull || node.value == .string("rle") else {
        throw arguments.error(
          "the keypoint loss is a likelihood already: leave this out", at: "likelihood_loss")
      }
      return alone.likelihood
    }
    if node.value == .string("none") { return nil }
    if node.isNull {
      if !hasSigmas { return nil }
      node = Node(.string("rle"), at: arguments.location)
    }
    guard hasSigmas else {
      throw arguments.error(
        "the head gives no deviations of its keypoints; write keypoint_sigmas: true there, or likelihood_loss: none",
        at: "likelihood_loss")
    }
    return try context.registry.likelihoodLosses.make(node, context)
  }
}

extension Node {
  /// This value, or another where it is empty.
  fileprivate func or(_ other: Value, at place: SourceLocation?) -> Node {
    isNull ? Node(other, at: place) : self
  }
}
