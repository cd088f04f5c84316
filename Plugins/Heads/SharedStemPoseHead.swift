internal import Foundation
public import Layers
public import PoseCore
public import Tensor

/// Decoupled head whose branches share a stem: a pointwise convolution brings every level to one width, then one tower
/// of convolutions finds classes, the other boxes and keypoints.
///
/// Source: Ge et al., YOLOX: Exceeding YOLO Series in 2021, arXiv:2107.08430, section 2.1; with keypoints beside boxes
/// Maji et al., YOLO-Pose, arXiv:2204.06806. Boxes are distributions of side distances, as in the YOLO heads here.
///
/// Checkpoint names: `stems`, `class_towers`, `pose_towers`, `class_outputs`, `box_outputs`, `keypoint_outputs`, each
/// with a list of levels; `dfl.conv.weight` as in `YOLOPoseHead`.
public final class SharedStemPoseHead: PoseHead {
  public let layout: HeadLayout
  private let levels: [Level]
  private let bins: Parameter

  private struct Level {
    var stem: ConvolutionBlock
    var classTower: Sequential
    var poseTower: Sequential
    var scores: Convolution2D
    var boxes: Convolution2D
    var keypoints: Convolution2D
  }

  /// - Parameters:
  ///   - inputs: one map a level, finest first.
  ///   - layout: what the head is to give; its strides are those of the inputs.
  ///   - width: channels of stems and towers.
  ///   - depth: convolutions of a tower.
  ///   - usesDepthwise: whether those are pairs of depthwise and pointwise ones.
  public init(inputs: [FeatureShape], layout: HeadLayout, width: Int, depth: Int, usesDepthwise: Bool) {
    var layout = layout
    layout.strides = inputs.map(\.stride)
    self.layout = layout
    let tower = { Sequential((0..<depth).map { _ in Self.step(width, usesDepthwise) }) }
    levels = inputs.map { input in
      // A fresh head expects 5 objects in an image of 640 × 640 pixels.
      let cells = Foundation.pow(640 / Double(input.stride), 2)
      let level = Level(
        stem: ConvolutionBlock(inChannels: input.channels, outChannels: width), classTower: tower(),
        poseTower: tower(), scores: Convolution2D(inChannels: width, outChannels: layout.classCount),
        boxes: Convolution2D(inChannels: width, outChannels: 4 * layout.regMax),
        keypoints: Convolution2D(
          inChannels: width, outChannels: layout.keypointCount * layout.keypointDimensions))
      level.scores.bias?.initializer = .constant(
        Float(Foundation.log(5 / Double(layout.classCount) / cells)))
      level.boxes.bias?.initializer = .constant(2)
      return level
    }
    bins = Parameter(
      [1, layout.regMax, 1, 1], role: .weight, initializer: .values((0..<layout.regMax).map { Float($0) }),
      isConstant: true)
  }

  private static func step(_ width: Int, _ usesDepthwise: Bool) -> any UnaryLayer {
    guard usesDepthwise else { return ConvolutionBlock(inChannels: width, outChannels: width, kernel: 3) }
    return Sequential([
      ConvolutionBlock(inChannels: width, outChannels: width, kernel: 3, groups: width),
      ConvolutionBlock(inChannels: width, outChannels: width),
    ])
  }

  public var members: [LayerMember] {
    LayerMember.list("stems", levels.map(\.stem))
      + LayerMember.list("class_towers", levels.map(\.classTower))
      + LayerMember.list("pose_towers", levels.map(\.poseTower))
      + LayerMember.list("class_outputs", levels.map(\.scores))
      + LayerMember.list("box_outputs", levels.map(\.boxes))
      + LayerMember.list("keypoint_outputs", levels.map(\.keypoints))
      + [.parameter("dfl.conv.weight", bins)].filter { _ in layout.regMax > 1 }
  }

  public func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> HeadOutput {
    precondition(features.count == levels.count, "\(levels.count) levels expected, got \(features.count)")
    return HeadOutput(
      layout: layout,
      levels: zip(levels, features).map { level, feature in
        let stem = level.stem(feature, pass)
        let pose = level.poseTower(stem, pass)
        return HeadOutput.Level(
          boxes: level.boxes(pose, pass), scores: level.scores(level.classTower(stem, pass), pass),
          keypoints: level.keypoints(pose, pass))
      })
  }

  public func decode(_ output: HeadOutput, image: Int, minimumScore: Float?) -> DecodedOutput {
    PoseDecoder.decode(output, image: image, minimumScore: minimumScore)
  }

  /// `shared_stem_pose`.
  public static let component = Component<HeadContext, any PoseHead>(
    "shared_stem_pose", summary: "Boxes, classes and keypoints of every anchor from a shared stem (YOLOX).",
    reference: "arXiv:2107.08430, arXiv:2204.06806",
    parameters: [
      HeadArguments.classes, HeadArguments.keypoints,
      .init(
        "channels", .int(1...LayerContext.maximumChannels), default: 256,
        help: "of stems and towers, before the model's scale"),
      .init("depth", .int(1...16), default: 2, help: "convolutions of a tower"),
      .init("depthwise", .bool, default: false, help: "towers of depthwise and pointwise convolutions"),
      .init(
        "reg_max", .int(1...64), default: .null,
        help: "bins of a box side's distribution, in cells; 1 gives distances; by default the model's, or 16"),
    ]
  ) { arguments, context in
    try HeadArguments.check(arguments, context)
    let layout = HeadLayout(
      classCount: context.classCount, keypointCount: context.keypointCount,
      keypointDimensions: context.keypointDimensions,
      regMax: try arguments.optionalInt("reg_max") ?? context.regMax ?? 16, strides: [])
    return SharedStemPoseHead(
      inputs: context.inputs, layout: layout, width: context.scale.channels(try arguments.int("channels")),
      depth: try arguments.int("depth"), usesDepthwise: try arguments.bool("depthwise"))
  }
}
