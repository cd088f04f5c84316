import Foundation
import Losses
import PoseCore

/// The pose loss once more, plainly and in double precision, for assignments that are given.
///
/// The weight of CIoU's aspect term counts as constant in derivatives, so it can be frozen: `aspectWeights` holds
/// one a positive anchor, in order.
struct DoublePrecisionLoss {
  var targets: [[Instance]]
  /// Per image.
  var assignments: [[Assignment]]
  var sigmas: [Double]
  var aspectWeights: [Double]?

  /// Head outputs in double precision, laid out as `HeadValues`.
  struct Outputs {
    var shape: HeadValues
    var boxes: [[Double]]
    var scores: [[Double]]
    var keypoints: [[Double]]

    init(_ values: HeadValues) {
      shape = values
      boxes = values.boxes.map { $0.map(Double.init) }
      scores = values.scores.map { $0.map(Double.init) }
      keypoints = values.keypoints.map { $0.map(Double.init) }
    }
  }

  /// Box, pose, visibility, class and side losses with the usual gains, and the aspect weights met.
  func evaluate(_ outputs: Outputs) -> (items: [Double], aspectWeights: [Double]) {
    let shape = outputs.shape
    let grid = shape.grid
    var items = [Double](repeating: 0, count: 5)
    var weights: [Double] = []
    var wanted = shape.grid.levels.map {
      [Double](repeating: 0, count: shape.batch * $0.cellCount * shape.classes)
    }
    var scoreSum = 0.0
    var positives = 0
    for (image, list) in assignments.enumerated() {
      for assignment in list {
        let anchor = grid.anchor(assignment.anchor)
        let target = targets[image][assignment.target]
        let row = image * grid.levels[anchor.level].cellCount + anchor.cell
        let score = Double(assignment.score)
        wanted[anchor.level][row * shape.classes + target.classIndex] = score
        scoreSum += score
        positives += 1
        let logits = Array(outputs.boxes[anchor.level][row * 4 * shape.regMax..<(row + 1) * 4 * shape.regMax])
        let frozen = aspectWeights.map { $0[weights.count] }
        let box = boxLosses(logits, bins: shape.regMax, anchor: anchor, target: target.box, frozen: frozen)
        weights.append(box.aspectWeight)
        items[0] += box.overlap * score
        items[4] += box.sides * score
        let channels = shape.keypointCount * shape.dimensions
        let raw = Array(outputs.keypoints[anchor.level][row * channels..<(row + 1) * channels])
        let pose = keypointLosses(raw, dimensions: shape.dimensions, anchor: anchor, target: target)
        items[1] += pose.position
        items[2] += pose.visibility
      }
    }
    for (logits, targets) in zip(outputs.scores, wanted) {
      for (logit, target) in zip(logits, targets) { items[3] += Self.crossEntropy(logit, target) }
    }
    let divisor = max(scoreSum, 1)
    let keypointDivisor = Double(max(1, positives * shape.keypointCount))
    return (
      [
        7.5 * items[0] / divisor, 12 * items[1] / keypointDivisor, items[2] / keypointDivisor,
        0.5 * items[3] / divisor, 1.5 * items[4] / divisor,
      ], weights
    )
  }

  private static func crossEntropy(_ logit: Double, _ target: Double) -> Double {
    log(1 + exp(logit)) - logit * target
  }

  private func boxLosses(
    _ logits: [Double], bins: Int, anchor: AnchorGrid.Anchor, target: Box, frozen: Double?
  ) -> (overlap: Double, sides: Double, aspectWeight: Double) {
    let stride = Double(anchor.stride)
    let (ax, ay) = (Double(anchor.x), Double(anchor.y))
    let (tx1, ty1) = (Double(target.x1) / stride, Double(target.y1) / stride)
    let (tx2, ty2) = (Double(target.x2) / stride, Double(target.y2) / stride)
    let wanted = [ax - tx1, ay - ty1, tx2 - ax, ty2 - ay]
    var distances: [Double] = []
    var sides = 0.0
    for side in 0..<4 {
      let weights = logits[side * bins..<(side + 1) * bins].map(exp)
      let sum = weights.reduce(0, +)
      distances.append(zip(0..., weights).reduce(0) { $0 + Double($1.0) * $1.1 } / sum)
      let distance = min(max(wanted[side], 0), Double(bins) - 1.01)
      let lower = Int(distance)
      let share = distance - Double(lower)
      sides -= (1 - share) * log(weights[lower] / sum) + share * log(weights[lower + 1] / sum)
    }
    let (x1, y1, x2, y2) = (ax - distances[0], ay - distances[1], ax + distances[2], ay + distances[3])
    let intersection = max(0, min(x2, tx2) - max(x1, tx1)) * max(0, min(y2, ty2) - max(y1, ty1))
    let union = (x2 - x1) * (y2 - y1) + (tx2 - tx1) * (ty2 - ty1) - intersection
    let iou = intersection / union
    let hull = (max(x2, tx2) - min(x1, tx1), max(y2, ty2) - min(y1, ty1))
    let centres = ((tx1 + tx2 - x1 - x2) / 2, (ty1 + ty2 - y1 - y2) / 2)
    let distance =
      (centres.0 * centres.0 + centres.1 * centres.1) / (hull.0 * hull.0 + hull.1 * hull.1)
    let angle = atan((tx2 - tx1) / (ty2 - ty1)) - atan((x2 - x1) / (y2 - y1))
    let aspect = 4 / (Double.pi * .pi) * angle * angle
    let weight = frozen ?? aspect / (1 - iou + aspect)
    return (1 - iou + distance + weight * aspect, sides / 4, weight)
  }

  private func keypointLosses(
    _ raw: [Double], dimensions: Int, anchor: AnchorGrid.Anchor, target: Instance
  ) -> (position: Double, visibility: Double) {
    let stride = Double(anchor.stride)
    let labelled = target.keypoints.filter { $0.visibility != .unlabelled }.count
    let area = Double(target.box.width) * Double(target.box.height) / (stride * stride)
    var result = (position: 0.0, visibility: 0.0)
    for (index, keypoint) in target.keypoints.enumerated() {
      let isLabelled = keypoint.visibility != .unlabelled
      let values = raw[index * dimensions..<(index + 1) * dimensions]
      let x = 2 * values[values.startIndex] + Double(anchor.column) - Double(keypoint.x) / stride
      let y = 2 * values[values.startIndex + 1] + Double(anchor.row) - Double(keypoint.y) / stride
      if isLabelled {
        let scale = 2 * area * pow(2 * sigmas[index], 2)
        result.position +=
          Double(raw.count / dimensions) / Double(labelled) * (1 - exp(-(x * x + y * y) / scale))
      }
      if dimensions == 3 {
        result.visibility += Self.crossEntropy(values[values.startIndex + 2], isLabelled ? 1 : 0)
      }
    }
    return result
  }
}
