internal import Config
public import PoseCore

extension YOLOPoseLoss {
  /// `yolo_pose`: gains, and the parts by name.
  public static let component = Component<LossContext, any PoseLoss>(
    "yolo_pose", summary: "boxes, keypoints, visibilities and classes of a YOLO pose head",
    reference:
      "YOLO-Pose, arXiv:2204.06806; Generalized Focal Loss, arXiv:2006.04388; TOOD, arXiv:2108.07755",
    parameters: [
      .init("box", .float(atLeast: 0), default: 7.5, help: "gain of the boxes' overlap"),
      .init("pose", .float(atLeast: 0), default: 12.0, help: "gain of the keypoints' positions"),
      .init("kobj", .float(atLeast: 0), default: 1.0, help: "gain of the keypoints' visibility"),
      .init("cls", .float(atLeast: 0), default: 0.5, help: "gain of the classes"),
      .init("dfl", .float(atLeast: 0), default: 1.5, help: "gain of the distributions of the box sides"),
      .init("assigner", .any, default: "task_aligned", help: "which anchors learn which target"),
      .init("box_loss", .any, default: "ciou", help: "how far a box is from its target"),
      .init(
        "side_loss", .any, default: .null,
        help: "how far the raw distances to the sides are off; none means dfl, or l1 for a head without bins"),
      .init("class_loss", .any, default: "bce", help: "how far class scores are off"),
      .init("keypoint_loss", .any, default: "oks", help: "how far keypoints are off"),
    ]
  ) { arguments, context in
    let registry = context.registry
    let bins = context.layout.regMax
    var side = try arguments.node("side_loss")
    if side.isNull { side = Node(.string(bins > 1 ? "dfl" : "l1"), at: arguments.location) }
    if (side["type"] ?? side).value == .string("dfl"), bins < 2 {
      throw arguments.error("the head gives distances, not distributions: use 'l1'", at: "side_loss")
    }
    if (side["type"] ?? side).value == .string("l1"), bins > 1 {
      throw arguments.error("the head gives distributions of \(bins) bins: use 'dfl'", at: "side_loss")
    }
    let criterion = PoseCriterion(
      assigner: try registry.assigners.make(try arguments.node("assigner"), context),
      boxLoss: try registry.boxLosses.make(try arguments.node("box_loss"), context),
      sideLoss: try registry.sideLosses.make(side, context),
      classificationLoss: try registry.classLosses.make(try arguments.node("class_loss"), context),
      keypointLoss: try registry.keypointLosses.make(try arguments.node("keypoint_loss"), context),
      gains: PoseLossGains(
        box: try arguments.float("box"), pose: try arguments.float("pose"), kobj: try arguments.float("kobj"),
        cls: try arguments.float("cls"), dfl: try arguments.float("dfl")))
    return YOLOPoseLoss(criterion: criterion, regMax: bins)
  }
}
