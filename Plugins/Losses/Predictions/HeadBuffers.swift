public import PoseCore

/// What a pose head says about a batch, before any decoding: one contiguous float buffer a level and kind,
/// NHWC.
///
/// The pointers are borrowed: whoever makes the value keeps the memory alive.
///
/// Unchecked: the memory is only read, so threads may share it.
public struct HeadBuffers: @unchecked Sendable {
  public var batch: Int
  public var grid: AnchorGrid
  public var classes: Int
  /// K.
  public var keypointCount: Int
  /// D: 2 (x, y) or 3 (x, y, visibility).
  public var dimensions: Int
  /// Bins of a side's distribution; 1 means that the head gives the distance itself.
  public var regMax: Int
  /// How raw keypoints become positions.
  public var keypointEncoding: KeypointEncoding
  /// Per level `[batch, height, width, 4 × regMax]`; sides left, top, right, bottom.
  public var boxes: [UnsafePointer<Float>]
  /// Per level `[batch, height, width, classes]`, logits.
  public var scores: [UnsafePointer<Float>]
  /// Per level `[batch, height, width, K × D]`, raw offsets and visibility logits.
  public var keypoints: [UnsafePointer<Float>]

  public init(
    batch: Int, grid: AnchorGrid, classes: Int, keypointCount: Int, dimensions: Int, regMax: Int,
    boxes: [UnsafePointer<Float>], scores: [UnsafePointer<Float>], keypoints: [UnsafePointer<Float>],
    keypointEncoding: KeypointEncoding = .doubled
  ) {
    precondition(
      [boxes.count, scores.count, keypoints.count].allSatisfy { $0 == grid.levels.count },
      "one buffer a level and kind: \(grid.levels.count) levels, \(boxes.count) box, \(scores.count) score and "
        + "\(keypoints.count) keypoint buffers")
    precondition(dimensions == 2 || dimensions == 3, "a keypoint has 2 or 3 numbers, not \(dimensions)")
    self.batch = batch
    self.grid = grid
    self.classes = classes
    self.keypointCount = keypointCount
    self.dimensions = dimensions
    self.regMax = regMax
    self.keypointEncoding = keypointEncoding
    self.boxes = boxes
    self.scores = scores
    self.keypoints = keypoints
  }

  /// The `4 × regMax` box logits of one anchor.
  func boxes(image: Int, at anchor: AnchorGrid.Anchor) -> UnsafePointer<Float> {
    boxes[anchor.level] + offset(image, anchor, 4 * regMax)
  }

  func scores(image: Int, at anchor: AnchorGrid.Anchor) -> UnsafePointer<Float> {
    scores[anchor.level] + offset(image, anchor, classes)
  }

  func keypoints(image: Int, at anchor: AnchorGrid.Anchor) -> UnsafePointer<Float> {
    keypoints[anchor.level] + offset(image, anchor, keypointCount * dimensions)
  }

  /// Where the channels of one anchor begin in its level's buffer.
  func offset(_ image: Int, _ anchor: AnchorGrid.Anchor, _ channels: Int) -> Int {
    (image * grid.levels[anchor.level].cellCount + anchor.cell) * channels
  }
}

/// Where gradients by a head's outputs go; the same shapes as `HeadBuffers`.
///
/// Unchecked: the loss lets each thread write elements of its own.
public struct HeadGradients: @unchecked Sendable {
  public var boxes: [UnsafeMutablePointer<Float>]
  public var scores: [UnsafeMutablePointer<Float>]
  public var keypoints: [UnsafeMutablePointer<Float>]

  public init(
    boxes: [UnsafeMutablePointer<Float>], scores: [UnsafeMutablePointer<Float>],
    keypoints: [UnsafeMutablePointer<Float>]
  ) {
    self.boxes = boxes
    self.scores = scores
    self.keypoints = keypoints
  }
}
