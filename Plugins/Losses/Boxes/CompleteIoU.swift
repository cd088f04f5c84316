internal import Foundation
public import PoseCore

/// Complete intersection over union: overlap, less the distance of the centres and the difference of the
/// aspect ratios.
///
/// Source: Zheng et al., Distance-IoU Loss, arXiv:1911.08287. Boxes may be in any unit, the same for both; a
/// small constant keeps boxes without area finite.
public struct CompleteIoU {
  private static let epsilon: Float = 1e-7
  private static let aspectScale = 4 / (Float.pi * Float.pi)

  /// 1 for equal boxes; may be negative.
  public let value: Float

  private let first: Box
  private let second: Box
  private let width: Float
  private let height: Float
  private let overlapWidth: Float
  private let overlapHeight: Float
  private let intersection: Float
  private let union: Float
  private let hullWidth: Float
  private let hullHeight: Float
  private let diagonal: Float
  private let distance: Float
  private let angleDifference: Float
  private let aspectWeight: Float

  public init(of first: Box, and second: Box) {
    let epsilon = Self.epsilon
    self.first = first
    self.second = second
    width = first.x2 - first.x1
    height = first.y2 - first.y1 + epsilon
    let otherWidth = second.x2 - second.x1
    let otherHeight = second.y2 - second.y1 + epsilon

    overlapWidth = min(first.x2, second.x2) - max(first.x1, second.x1)
    overlapHeight = min(first.y2, second.y2) - max(first.y1, second.y1)
    intersection = Swift.max(overlapWidth, 0) * Swift.max(overlapHeight, 0)
    union = width * height + otherWidth * otherHeight - intersection + epsilon
    let iou = intersection / union

    hullWidth = max(first.x2, second.x2) - min(first.x1, second.x1)
    hullHeight = max(first.y2, second.y2) - min(first.y1, second.y1)
    diagonal = hullWidth * hullWidth + hullHeight * hullHeight + epsilon
    let dx = second.x1 + second.x2 - first.x1 - first.x2
    let dy = second.y1 + second.y2 - first.y1 - first.y2
    distance = (dx * dx + dy * dy) / 4

    angleDifference = atan(otherWidth / otherHeight) - atan(width / height)
    let aspect = Self.aspectScale * (angleDifference * angleDifference)
    aspectWeight = aspect / (1 - iou + aspect + epsilon)
    value = iou - (distance / diagonal + aspect * aspectWeight)
  }

  /// The derivative of `value` by the corners of the first box; the weight of the aspect term counts as
  /// constant, as in the paper.
  public var gradient: Box {
    let isOverlapping = (x: overlapWidth >= 0, y: overlapHeight >= 0)
    let intersectionX = isOverlapping.x ? max(overlapHeight, 0) : 0
    let intersectionY = isOverlapping.y ? max(overlapWidth, 0) : 0
    let byIntersection = (union + intersection) / (union * union)
    let byArea = -intersection / (union * union)

    let byDistance = -1 / diagonal
    let byDiagonal = distance / (diagonal * diagonal)
    let centreX = -(second.x1 + second.x2 - first.x1 - first.x2) / 2
    let centreY = -(second.y1 + second.y2 - first.y1 - first.y2) / 2

    let byAngle = 2 * Self.aspectScale * angleDifference * aspectWeight / (width * width + height * height)
    let byWidth = byArea * height + byAngle * height
    let byHeight = byArea * width - byAngle * width

    /// How much the lesser of two numbers moves with the first; equal ones share.
    func lesser(_ a: Float, _ b: Float) -> Float { a < b ? 1 : a == b ? 0.5 : 0 }
    func side(
      inner: Float, outer: Float, sign: Float, area: Float, intersection: Float, hull: Float, centre: Float
    ) -> Float {
      sign * (byIntersection * intersection * inner + area + byDiagonal * 2 * hull * outer) + byDistance
        * centre
    }
    return Box(
      x1: side(
        inner: lesser(second.x1, first.x1), outer: lesser(first.x1, second.x1), sign: -1, area: byWidth,
        intersection: intersectionX, hull: hullWidth, centre: centreX),
      y1: side(
        inner: lesser(second.y1, first.y1), outer: lesser(first.y1, second.y1), sign: -1, area: byHeight,
        intersection: intersectionY, hull: hullHeight, centre: centreY),
      x2: side(
        inner: lesser(first.x2, second.x2), outer: lesser(second.x2, first.x2), sign: 1, area: byWidth,
        intersection: intersectionX, hull: hullWidth, centre: centreX),
      y2: side(
        inner: lesser(first.y2, second.y2), outer: lesser(second.y2, first.y2), sign: 1, area: byHeight,
        intersection: intersectionY, hull: hullHeight, centre: centreY))
  }
}
