internal import Config
internal import PoseCore

/// The arguments that all pose heads share.
enum HeadArguments {
  static let classes = ParameterDeclaration(
    "classes", .int(atLeast: 1), default: .null, help: "number of classes; by default the model's",
    aliases: ["nc"])

  static let keypoints = ParameterDeclaration(
    "keypoints", .intList(count: 2...2, each: 1...Int.max), default: .null,
    help: "keypoints, and 2 or 3 numbers each; by default the model's", aliases: ["kpt_shape"])

  /// Checks that head and model agree, and that levels come in order.
  static func check(_ arguments: Arguments, _ context: HeadContext) throws(Diagnostic) {
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
  }
}
