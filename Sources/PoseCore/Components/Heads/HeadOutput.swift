public import Tensor

/// A head's raw numbers, level by level.
///
/// A head with two branches gives those of the one-to-many branch, which learns several anchors a target, as `levels`,
/// and those of the one-to-one branch as `oneToOne`. Outside of training a branch is computed when it is first asked
/// for, so that inference pays for the one that it reads.
public struct HeadOutput {
  public struct Level {
    /// `[batch, height, width, 4 × regMax]`: logits of the distances to left, top, right, bottom in cells.
    public var boxes: Tensor
    /// `[batch, height, width, classes]`: logits.
    public var scores: Tensor
    /// `[batch, height, width, keypoints × dimensions]`: x, y (, visibility logit) of each.
    public var keypoints: Tensor
    /// `[batch, height, width, keypoints × 2]`: logits of the deviations of x and y, in cells; in training only.
    public var sigmas: Tensor?

    public init(boxes: Tensor, scores: Tensor, keypoints: Tensor, sigmas: Tensor? = nil) {
      self.boxes = boxes
      self.scores = scores
      self.keypoints = keypoints
      self.sigmas = sigmas
    }
  }

  /// The logarithm of a learned density: points `[n, 2]` to `[n, 1]`.
  public typealias LogDensity = (_ points: Tensor) -> Tensor

  public var layout: HeadLayout
  /// Images.
  public let batch: Int
  /// Of keypoint errors in units of their deviations; in training, by heads that learn one.
  public var errorDensity: LogDensity?
  private let main: DeferredLevels
  private let second: DeferredLevels?

  /// The output of a head with one branch.
  public init(layout: HeadLayout, levels: [Level]) {
    self.init(layout: layout, batch: levels.first?.boxes.shape[0] ?? 0, main: DeferredLevels(levels))
  }

  /// The output of a head with two branches.
  ///
  /// - Parameters:
  ///   - isDeferred: each branch is computed when it is first asked for, or never.
  ///   - errorDensity: of keypoint errors.
  public init(
    layout: HeadLayout, batch: Int, isDeferred: Bool, errorDensity: LogDensity? = nil,
    oneToMany: @escaping () -> [Level], oneToOne: (() -> [Level])?
  ) {
    self.init(
      layout: layout, batch: batch, main: DeferredLevels(oneToMany, isDeferred: isDeferred),
      second: oneToOne.map { DeferredLevels($0, isDeferred: isDeferred) }, errorDensity: errorDensity)
  }

  private init(
    layout: HeadLayout, batch: Int, main: DeferredLevels, second: DeferredLevels? = nil,
    errorDensity: LogDensity? = nil
  ) {
    self.layout = layout
    self.batch = batch
    self.main = main
    self.second = second
    self.errorDensity = errorDensity
  }

  /// The levels of the one-to-many branch, the only one of most heads.
  public var levels: [Level] { main.levels }

  /// The levels of the one-to-one branch, if the head has one.
  public var oneToOne: [Level]? { second?.levels }

  /// The same output with the one-to-one branch in place of the other, so that its `levels` are those to read.
  public var oneToOneOutput: HeadOutput? {
    second.map { HeadOutput(layout: layout, batch: batch, main: $0, errorDensity: errorDensity) }
  }
}

/// Levels that are computed once, at the latest when they are asked for.
private final class DeferredLevels {
  private var made: [HeadOutput.Level]?
  private var compute: (() -> [HeadOutput.Level])?

  init(_ levels: [HeadOutput.Level]) { made = levels }

  init(_ compute: @escaping () -> [HeadOutput.Level], isDeferred: Bool) {
    self.compute = compute
    if !isDeferred { _ = levels }
  }

  var levels: [HeadOutput.Level] {
    if let made { return made }
    let levels = compute?() ?? []
    made = levels
    // What it was computed from may go.
    compute = nil
    return levels
  }
}
