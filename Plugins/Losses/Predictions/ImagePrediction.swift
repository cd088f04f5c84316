public import PoseCore

/// What the head says about one image, decoded where and when it is asked for.
///
/// Belongs to one thread.
public final class ImagePrediction {
  public let grid: AnchorGrid
  public let classes: Int
  public let keypointCount: Int
  private let outputs: HeadBuffers
  private let image: Int
  private var boxes: [Box]
  private var isDecoded: [Bool]

  /// - Parameter image: number in the batch.
  public init(_ outputs: HeadBuffers, image: Int) {
    grid = outputs.grid
    classes = outputs.classes
    keypointCount = outputs.keypointCount
    self.outputs = outputs
    self.image = image
    boxes = Array(repeating: Box(x1: 0, y1: 0, x2: 0, y2: 0), count: outputs.grid.count)
    isDecoded = Array(repeating: false, count: outputs.grid.count)
  }

  /// The probability of a class, 0…1.
  public func score(at anchor: AnchorGrid.Anchor, class index: Int) -> Float {
    sigmoid(logit(at: anchor, class: index))
  }

  /// What the probability is the sigmoid of.
  public func logit(at anchor: AnchorGrid.Anchor, class index: Int) -> Float {
    outputs.scores(image: image, at: anchor)[index]
  }

  /// The box in cells of the anchor's level.
  public func boxInCells(at anchor: AnchorGrid.Anchor) -> Box {
    if isDecoded[anchor.index] { return boxes[anchor.index] }
    let logits = outputs.boxes(image: image, at: anchor)
    let bins = outputs.regMax
    let box = Box(
      x1: anchor.x - SideDistribution.expectation(logits, bins: bins),
      y1: anchor.y - SideDistribution.expectation(logits + bins, bins: bins),
      x2: anchor.x + SideDistribution.expectation(logits + 2 * bins, bins: bins),
      y2: anchor.y + SideDistribution.expectation(logits + 3 * bins, bins: bins))
    boxes[anchor.index] = box
    isDecoded[anchor.index] = true
    return box
  }

  /// The box in input pixels.
  public func box(at anchor: AnchorGrid.Anchor) -> Box {
    let box = boxInCells(at: anchor)
    return Box(
      x1: box.x1 * anchor.stride, y1: box.y1 * anchor.stride, x2: box.x2 * anchor.stride,
      y2: box.y2 * anchor.stride)
  }

  /// A keypoint's position in cells of the anchor's level.
  public func keypointInCells(_ index: Int, at anchor: AnchorGrid.Anchor) -> (x: Float, y: Float) {
    let raw = outputs.keypoints(image: image, at: anchor) + index * outputs.dimensions
    let encoding = outputs.keypointEncoding
    return (encoding.decode(raw[0], anchor: anchor.x), encoding.decode(raw[1], anchor: anchor.y))
  }
}
