public import PoseCore

extension YOLO11PoseHead {
  public static let component = Component<HeadContext, any PoseHead>(
    "yolo11_pose", aliases: ["Pose"],
    summary: "Boxes, classes and keypoints of every anchor, decoupled (YOLOv8, YOLO11).",
    reference: "arXiv:2006.04388, arXiv:2204.06806",
    parameters: [
      .init(
        "classes", .int(atLeast: 1), default: .null, help: "number of classes; by default the model's",
        aliases: ["nc"]),
      .init(
        "keypoints", .intList(count: 2...2, each: 1...Int.max), default: .null,
        help: "keypoints, and 2 or 3 numbers each; by default the model's", aliases: ["kpt_shape"]),
      .init("reg_max", .int(1...64), default: 16, help: "bins of a box side's distribution, in cells"),
      .init(
        "class_branch", .choice(of: ClassBranch.self), default: "auto",
        help: "convolutions of the class branch; auto follows the layers before it"),
    ]
  ) { arguments, context in
    if let classes = try arguments.optionalInt("classes"), classes != context.classCount {
      throw arguments.error(
        "\(arguments.owner) is for \(classes) classes, but the model for \(context.classCount); write nc",
        at: "classes")
    }
    let shape = [context.keypointCount, context.keypointDimensions]
    if let keypoints = try arguments.optionalIntList("keypoints"), keypoints != shape {
      throw arguments.error(
        "\(arguments.owner) is for keypoints \(keypoints), but the model for \(shape); write kpt_shape",
        at: "keypoints")
    }
    let strides = context.inputs.map(\.stride)
    guard strides == strides.sorted(), Set(strides).count == strides.count else {
      throw arguments.error(
        "\(arguments.owner) takes maps of growing stride, but gets \(strides)", at: "from")
    }
    let usesDepthwise =
      switch try arguments.choice("class_branch", of: ClassBranch.self) {
      case .depthwise: true
      case .full: false
      case .auto: context.layerNames.contains("C3k2") || context.layerNames.isDisjoint(with: ["C2f", "C3"])
      }
    return YOLO11PoseHead(
      inputs: context.inputs, classCount: context.classCount, keypointCount: context.keypointCount,
      keypointDimensions: context.keypointDimensions, regMax: try arguments.int("reg_max"),
      usesDepthwiseClasses: usesDepthwise)
  }
}
