internal import Foundation
public import Layers
public import PoseCore
public import Tensor

/// Anchor-free head with three branches a level: boxes as distributions of side distances, class scores, keypoints.
///
/// Source: YOLOv8 and YOLO11 (no papers); Li et al., Generalized Focal Loss, arXiv:2006.04388 (distributions); Maji et
/// al., YOLO-Pose, arXiv:2204.06806 (keypoints of each anchor).
///
/// Checkpoint names: `cv2` boxes, `cv3` classes, `cv4` keypoints, each with a list of levels; `dfl.conv.weight` holds
/// the bins' distances 0…regMax - 1, never trained.
public final class YOLO11PoseHead: PoseHead {
  /// What the class branch is made of.
  public enum ClassBranch: String, CaseIterable, Sendable {
    /// `depthwise`, but `full` after layers of families older than YOLO11.
    case auto
    /// Pairs of depthwise and pointwise convolutions (YOLO11).
    case depthwise
    /// 3 × 3 convolutions (YOLOv8).
    case full
  }

  /// The branches of one level.
  struct Level {
    var boxes: Sequential
    var scores: Sequential
    var keypoints: Sequential
  }

  public let layout: HeadLayout
  let levels: [Level]
  private let bins: Parameter

  /// - Parameters:
  ///   - inputs: one map a level, finest first.
  ///   - usesDepthwiseClasses: see `ClassBranch`.
  public init(
    inputs: [FeatureShape], classCount: Int, keypointCount: Int, keypointDimensions: Int, regMax: Int = 16,
    usesDepthwiseClasses: Bool = true
  ) {
    layout = HeadLayout(
      classCount: classCount, keypointCount: keypointCount, keypointDimensions: keypointDimensions,
      regMax: regMax, strides: inputs.map(\.stride))
    let first = inputs.first?.channels ?? 1
    let keypointChannels = keypointCount * keypointDimensions
    let widths = (
      boxes: max(16, first / 4, 4 * regMax), scores: max(first, min(classCount, 100)),
      keypoints: max(first / 4, keypointChannels)
    )
    levels = inputs.map { input in
      // A fresh head expects 5 objects in an image of 640 × 640 pixels.
      let cells = Foundation.pow(640 / Double(input.stride), 2)
      let scoreBias = Float(Foundation.log(5 / Double(classCount) / cells))
      return Level(
        boxes: Self.branch(input.channels, widths.boxes, 4 * regMax, bias: 2),
        scores: usesDepthwiseClasses
          ? Self.depthwiseBranch(input.channels, widths.scores, classCount, bias: scoreBias)
          : Self.branch(input.channels, widths.scores, classCount, bias: scoreBias),
        keypoints: Self.branch(input.channels, widths.keypoints, keypointChannels, bias: nil))
    }
    bins = Parameter(
      [1, regMax, 1, 1], role: .weight, initializer: .values((0..<regMax).map { Float($0) }),
      isConstant: true)
  }

  private static func branch(_ input: Int, _ hidden: Int, _ output: Int, bias: Float?) -> Sequential {
    Sequential([
      ConvolutionBlock(inChannels: input, outChannels: hidden, kernel: 3),
      ConvolutionBlock(inChannels: hidden, outChannels: hidden, kernel: 3),
      last(hidden, output, bias: bias),
    ])
  }

  private static func depthwiseBranch(_ input: Int, _ hidden: Int, _ output: Int, bias: Float) -> Sequential {
    func pair(_ from: Int) -> Sequential {
      Sequential([
        ConvolutionBlock(inChannels: from, outChannels: from, kernel: 3, groups: from),
        ConvolutionBlock(inChannels: from, outChannels: hidden),
      ])
    }
    return Sequential([pair(input), pair(hidden), last(hidden, output, bias: bias)])
  }

  private static func last(_ input: Int, _ output: Int, bias: Float?) -> Convolution2D {
    let layer = Convolution2D(inChannels: input, outChannels: output)
    if let bias { layer.bias?.initializer = .constant(bias) }
    return layer
  }

  public var members: [LayerMember] {
    LayerMember.list("cv2", levels.map(\.boxes)) + LayerMember.list("cv3", levels.map(\.scores))
      + [.parameter("dfl.conv.weight", bins)].filter { _ in layout.regMax > 1 }
      + LayerMember.list("cv4", levels.map(\.keypoints))
  }

  public func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> HeadOutput {
    precondition(features.count == levels.count, "\(levels.count) levels expected, got \(features.count)")
    return HeadOutput(
      layout: layout,
      levels: zip(levels, features).map { level, feature in
        HeadOutput.Level(
          boxes: level.boxes(feature, pass), scores: level.scores(feature, pass),
          keypoints: level.keypoints(feature, pass))
      })
  }
}
