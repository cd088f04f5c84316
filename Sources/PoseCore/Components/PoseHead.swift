public import Layers
public import Tensor

/// The end of a model: feature maps to boxes, class scores and keypoints.
public protocol PoseHead: ParameterOwner {
  var layout: HeadLayout { get }
  /// - Parameter features: one map a level, `[batch, height, width, channels]`, finest first.
  func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> HeadOutput
  /// Turns one image's raw output into predictions in pixels of the network's input.
  ///
  /// - Parameter minimumScore: boxes whose best class does not exceed it may be left out; nil decodes all.
  func decode(_ output: HeadOutput, image: Int, minimumScore: Float?) -> DecodedOutput
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

  public init(
    inputs: [FeatureShape], scale: ModelScale = .full, classCount: Int, keypointCount: Int,
    keypointDimensions: Int, layerNames: Set<String> = []
  ) {
    self.inputs = inputs
    self.scale = scale
    self.classCount = classCount
    self.keypointCount = keypointCount
    self.keypointDimensions = keypointDimensions
    self.layerNames = layerNames
  }
}

/// How a head's numbers are to be read.
public struct HeadLayout: Sendable, Equatable {
  public var classCount: Int
  public var keypointCount: Int
  public var keypointDimensions: Int
  /// Bins of each box side's distribution (DFL).
  public var regMax: Int
  /// Input pixels a position of each level spans.
  public var strides: [Int]

  public init(classCount: Int, keypointCount: Int, keypointDimensions: Int, regMax: Int, strides: [Int]) {
    self.classCount = classCount
    self.keypointCount = keypointCount
    self.keypointDimensions = keypointDimensions
    self.regMax = regMax
    self.strides = strides
  }
}

/// A head's raw numbers, level by level.
public struct HeadOutput {
  public struct Level {
    /// `[batch, height, width, 4 × regMax]`: logits of the distances to left, top, right, bottom in cells.
    public var boxes: Tensor
    /// `[batch, height, width, classes]`: logits.
    public var scores: Tensor
    /// `[batch, height, width, keypoints × dimensions]`: x, y (, visibility logit) of each.
    public var keypoints: Tensor

    public init(boxes: Tensor, scores: Tensor, keypoints: Tensor) {
      self.boxes = boxes
      self.scores = scores
      self.keypoints = keypoints
    }
  }

  public var layout: HeadLayout
  public var levels: [Level]

  public init(layout: HeadLayout, levels: [Level]) {
    self.layout = layout
    self.levels = levels
  }

  public var batch: Int { levels.first?.boxes.shape[0] ?? 0 }
}

/// Decoded predictions of one image, a row each.
public struct DecodedOutput: Sendable {
  /// Row-major `[count, rowLength]`: centre x, centre y, width, height in input pixels, class scores after the sigmoid,
  /// then x, y in input pixels and confidence (after the sigmoid; 1 where none is predicted) of each keypoint.
  public var values: [Float]
  /// Which anchor point each row comes from, counted over the levels.
  public var anchors: [Int32]
  public var classCount: Int
  public var keypointCount: Int

  public init(values: [Float], anchors: [Int32], classCount: Int, keypointCount: Int) {
    self.values = values
    self.anchors = anchors
    self.classCount = classCount
    self.keypointCount = keypointCount
  }

  public var count: Int { anchors.count }
  public var rowLength: Int { 4 + classCount + 3 * keypointCount }
}
