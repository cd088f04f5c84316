public import Layers
public import Tensor

/// The end of a model: feature maps to boxes, class scores and keypoints.
public protocol PoseHead: ParameterOwner {
  var layout: HeadLayout { get }
  /// - Parameter features: one map a level, `[batch, height, width, channels]`, finest first.
  func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> HeadOutput
  /// Turns one image's raw output into predictions in pixels of the network's input.
  ///
  /// Reads `output.levels`; for those of the one-to-one branch, see `HeadOutput.oneToOneOutput`.
  ///
  /// - Parameter minimumScore: boxes whose best class does not exceed it may be left out; nil decodes all.
  func decode(_ output: HeadOutput, image: Int, minimumScore: Float?) -> DecodedOutput
  /// What the head asks of pictures besides what its maps' strides do.
  var inputLimits: InputLimits { get }
  /// Why the last pass gave nothing, for heads that run foreign code.
  var failure: (any Error)? { get }
}

extension PoseHead {
  public var inputLimits: InputLimits { InputLimits() }
  public var failure: (any Error)? { nil }
}

/// What a head is built for.
public struct HeadContext: Sendable {
  public var inputs: [FeatureShape]
  public var scale: ModelScale
  public var classCount: Int
  public var keypointCount: Int
  /// 2 (x, y) or 3 (x, y, visibility).
  public var keypointDimensions: Int
  /// Names of the layers before it: recipes that say `Pose` mean the head of the family their layers are of.
  public var layerNames: Set<String>
  /// Bins of a box side's distribution, where the model's file says them (`reg_max`).
  public var regMax: Int?
  /// Whether there is to be a one-to-one branch, where the model's file says so (`end2end`).
  public var isEndToEnd: Bool?

  public init(
    inputs: [FeatureShape], scale: ModelScale = .full, classCount: Int, keypointCount: Int,
    keypointDimensions: Int, layerNames: Set<String> = [], regMax: Int? = nil, isEndToEnd: Bool? = nil
  ) {
    self.inputs = inputs
    self.scale = scale
    self.classCount = classCount
    self.keypointCount = keypointCount
    self.keypointDimensions = keypointDimensions
    self.layerNames = layerNames
    self.regMax = regMax
    self.isEndToEnd = isEndToEnd
  }
}
