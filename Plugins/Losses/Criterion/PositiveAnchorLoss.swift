internal import Foundation
import PoseCore

/// Box and keypoint losses of one positive anchor after another of one image, and their gradients.
struct PositiveAnchorLoss {
  private let loss: PoseCriterion
  private let factors: PoseCriterion.PositiveFactors
  private let outputs: HeadBuffers
  private let image: Int
  private let prediction: ImagePrediction
  private let gradients: HeadGradients?
  private let inputSize: (width: Float, height: Float)

  private let scratch: Scratch

  /// Memory that all anchors share, so that none allocates.
  private final class Scratch {
    let sideGradient: UnsafeMutableBufferPointer<Float>
    let probabilities: UnsafeMutableBufferPointer<Float>
    let predicted: UnsafeMutableBufferPointer<SIMD2<Float>>
    let positions: UnsafeMutableBufferPointer<SIMD2<Float>>
    let positionGradient: UnsafeMutableBufferPointer<SIMD2<Float>>
    let isLabelled: UnsafeMutableBufferPointer<Bool>

    init(bins: Int, keypoints: Int) {
      sideGradient = .allocate(capacity: 4 * bins)
      probabilities = .allocate(capacity: bins)
      predicted = .allocate(capacity: keypoints)
      positions = .allocate(capacity: keypoints)
      positionGradient = .allocate(capacity: keypoints)
      isLabelled = .allocate(capacity: keypoints)
      sideGradient.initialize(repeating: 0)
      probabilities.initialize(repeating: 0)
      for points in [predicted, positions, positionGradient] { points.initialize(repeating: .zero) }
      isLabelled.initialize(repeating: false)
    }

    deinit {
      sideGradient.deallocate()
      probabilities.deallocate()
      for points in [predicted, positions, positionGradient] { points.deallocate() }
      isLabelled.deallocate()
    }
  }

  init(
    loss: PoseCriterion, factors: PoseCriterion.PositiveFactors, outputs: HeadBuffers, image: Int,
    prediction: ImagePrediction, gradients: HeadGradients?
  ) {
    self.loss = loss
    self.factors = factors
    self.outputs = outputs
    self.image = image
    self.prediction = prediction
    self.gradients = gradients
    inputSize = (Float(outputs.grid.inputSize.width), Float(outputs.grid.inputSize.height))
    scratch = Scratch(bins: outputs.regMax, keypoints: outputs.keypointCount)
  }

  func evaluate(_ assignment: Assignment, target: Instance) -> PoseCriterion.PositiveParts {
    let anchor = outputs.grid.anchor(assignment.anchor)
    let box = Box(
      x1: target.box.x1 / anchor.stride, y1: target.box.y1 / anchor.stride, x2: target.box.x2 / anchor.stride,
      y2: target.box.y2 / anchor.stride)
    var parts = PoseCriterion.PositiveParts()
    addBox(at: anchor, target: box, weight: assignment.score, to: &parts)
    addKeypoints(at: anchor, target: target, area: box.area, to: &parts)
    return parts
  }

  // MARK: Box

  private func addBox(
    at anchor: AnchorGrid.Anchor, target: Box, weight: Float, to parts: inout PoseCriterion.PositiveParts
  ) {
    let logits = outputs.boxes(image: image, at: anchor)
    let (boxLoss, corners) = loss.boxLoss.evaluate(
      predicted: prediction.boxInCells(at: anchor), target: target)
    let distances = SIMD4(
      anchor.x - target.x1, anchor.y - target.y1, target.x2 - anchor.x, target.y2 - anchor.y)
    let scale = SIMD4(
      anchor.stride / inputSize.width, anchor.stride / inputSize.height, anchor.stride / inputSize.width,
      anchor.stride / inputSize.height)
    guard let sideGradient = scratch.sideGradient.baseAddress else { return }
    let sideLoss = loss.sideLoss.evaluate(
      logits, bins: outputs.regMax, target: distances, scale: scale, gradient: sideGradient)
    parts.box = Double(boxLoss * weight)
    parts.sides = Double(sideLoss * weight)

    guard let gradients else { return }
    let offset = outputs.offset(image, anchor, 4 * outputs.regMax)
    let gradient = gradients.boxes[anchor.level] + offset
    // The sides grow away from the anchor point.
    let sides = SIMD4(-corners.x1, -corners.y1, corners.x2, corners.y2)
    for side in 0..<4 {
      addSide(
        side, logits: logits + side * outputs.regMax, byDistance: weight * factors.box * sides[side],
        byLogits: weight * factors.sides, to: gradient + side * outputs.regMax)
    }
  }

  /// Writes the gradient of one side: that of the distance through the softmax, and that of its own loss.
  private func addSide(
    _ side: Int, logits: UnsafePointer<Float>, byDistance: Float, byLogits: Float,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    let bins = outputs.regMax
    let sideGradient = scratch.sideGradient[(side * bins)...]
    guard bins > 1, let probabilities = scratch.probabilities.baseAddress else {
      gradient[0] = byDistance + byLogits * sideGradient[side]
      return
    }
    SideDistribution.softmax(logits, bins: bins, into: probabilities)
    var mean: Float = 0
    for bin in 0..<bins { mean += probabilities[bin] * Float(bin) }
    for bin in 0..<bins {
      let spread = probabilities[bin] * (Float(bin) - mean)
      gradient[bin] = byDistance * spread + byLogits * sideGradient[side * bins + bin]
    }
  }

  // MARK: Keypoints

  private func addKeypoints(
    at anchor: AnchorGrid.Anchor, target: Instance, area: Float, to parts: inout PoseCriterion.PositiveParts
  ) {
    let raw = outputs.keypoints(image: image, at: anchor)
    let (dimensions, encoding) = (outputs.dimensions, outputs.keypointEncoding)
    var labelledCount = 0
    let (predicted, positions, isLabelled) = (scratch.predicted, scratch.positions, scratch.isLabelled)
    for (index, keypoint) in target.keypoints.enumerated() {
      isLabelled[index] = keypoint.visibility != .unlabelled
      if isLabelled[index] { labelledCount += 1 }
      positions[index] = SIMD2(keypoint.x, keypoint.y) / anchor.stride
      predicted[index] = SIMD2(
        encoding.decode(raw[index * dimensions], anchor: anchor.x),
        encoding.decode(raw[index * dimensions + 1], anchor: anchor.y))
    }
    let poseTarget = KeypointTarget(
      positions: .init(positions), isLabelled: .init(isLabelled), labelledCount: labelledCount, area: area)
    let poseLoss = loss.keypointLoss.evaluate(
      predicted: .init(predicted), target: poseTarget, gradient: scratch.positionGradient)
    parts.pose = Double(poseLoss)

    let gradient = gradients.map {
      $0.keypoints[anchor.level] + outputs.offset(image, anchor, outputs.keypointCount * dimensions)
    }
    for index in isLabelled.indices {
      if let gradient {
        let slope = encoding.scale * factors.pose * scratch.positionGradient[index]
        gradient[index * dimensions] = slope.x
        gradient[index * dimensions + 1] = slope.y
      }
      guard dimensions == 3 else { continue }
      let logit = raw[index * 3 + 2]
      let wanted: Float = isLabelled[index] ? 1 : 0
      parts.visibility += Double(max(logit, 0) - logit * wanted + log1p(exp(-abs(logit))))
      gradient?[index * 3 + 2] = (sigmoid(logit) - wanted) * factors.visibility
    }
  }
}
