import Foundation
import Losses
import PoseCore
import Testing

@Suite struct `Parts of the pose loss` {
  @Test func `binary cross-entropy is right from far below zero to far above`() {
    let logits = stride(from: Float(-100), through: 100, by: 0.37).map { $0 }
    for target: Float in [0, 0.3, 1] {
      var gradient = [Float](repeating: .nan, count: logits.count)
      let targets = [Float](repeating: target, count: logits.count)
      for (index, logit) in logits.enumerated() {
        let x = Double(logit)
        let expected = max(x, 0) - x * Double(target) + log1p(exp(-abs(x)))
        let loss = evaluate([logit], [target]).loss
        #expect(abs(loss - expected) <= 2e-7 * expected + 1e-30 * abs(x))
        gradient[index] = evaluate([logit], [target]).gradient[0]
        #expect(abs(Double(gradient[index]) - (1 / (1 + exp(-x)) - Double(target))) < 2e-7)
      }
      let whole = evaluate(logits, targets)
      #expect(whole.gradient == gradient)
    }
  }

  private func evaluate(_ logits: [Float], _ targets: [Float]) -> (loss: Double, gradient: [Float]) {
    var gradient = [Float](repeating: .nan, count: logits.count)
    let loss = gradient.withUnsafeMutableBufferPointer { gradient in
      logits.withUnsafeBufferPointer { logits in
        targets.withUnsafeBufferPointer {
          BinaryCrossEntropyLoss().evaluate(logits: logits, targets: $0, gradient: gradient)
        }
      }
    }
    return (loss, gradient)
  }

  @Test func `distribution focal loss is least where the distribution's two bins frame the target`() {
    var logits = [Float](repeating: -30, count: 4 * 8)
    let target = SIMD4<Float>(2.25, 0, 6.5, 40)
    // ln of the weights: 0.75 / 0.25, 1 / 0, 0.5 / 0.5, and the clamped 6.99.
    for (side, weights) in [(2, [0.75, 0.25]), (0, [1, 1e-12]), (6, [0.5, 0.5]), (6, [0.01, 0.99])]
      .enumerated()
    {
      logits[side * 8 + weights.0] = Float(log(weights.1[0]))
      logits[side * 8 + weights.0 + 1] = Float(log(weights.1[1]))
    }
    var gradient = [Float](repeating: .nan, count: 32)
    let loss = DistributionFocalLoss().evaluate(
      logits, bins: 8, target: target, scale: .one, gradient: &gradient)
    let entropy = { (p: Double) in -p * log(p) - (1 - p) * log(1 - p) }
    #expect(abs(Double(loss) - (entropy(0.75) + 0 + entropy(0.5) + entropy(0.99)) / 4) < 1e-6)
    #expect(gradient.allSatisfy { abs($0) < 1e-6 })
  }

  @Test func `complete IoU of a box with itself is one, and its gradient is finite`() {
    let box = Box(x1: 3, y1: 5, x2: 10, y2: 25)
    #expect(abs(CompleteIoU(of: box, and: box).value - 1) < 1e-6)
    let apart = CompleteIoU(of: Box(x1: 0, y1: 0, x2: 2, y2: 2), and: Box(x1: 6, y1: 6, x2: 8, y2: 8))
    // No overlap: minus the centres' distance squared over the hull's diagonal squared, 72 / 128.
    #expect(abs(apart.value + 0.5625) < 1e-6)
  }

  @Test func `keypoint similarity weighs each target alike, however few keypoints are labelled`() {
    let loss = OKSKeypointLoss(sigmas: [0.1, 0.2, 0.3, 0.4])
    func evaluate(_ labelled: [Bool]) -> (loss: Float, gradient: [SIMD2<Float>]) {
      var gradient = [SIMD2<Float>](repeating: .init(repeating: .nan), count: 4)
      let predicted = [SIMD2<Float>](repeating: SIMD2(100, 100), count: 4)
      let positions = [SIMD2<Float>](repeating: .zero, count: 4)
      let value = predicted.withUnsafeBufferPointer { predicted in
        positions.withUnsafeBufferPointer { positions in
          labelled.withUnsafeBufferPointer { isLabelled in
            gradient.withUnsafeMutableBufferPointer {
              loss.evaluate(
                predicted: predicted,
                target: KeypointTarget(
                  positions: positions, isLabelled: isLabelled, labelledCount: labelled.filter { $0 }.count,
                  area: 30),
                gradient: $0)
            }
          }
        }
      }
      return (value, gradient)
    }
    #expect(abs(evaluate([true, true, true, true]).loss - 4) < 1e-5)
    #expect(abs(evaluate([false, true, false, false]).loss - 4) < 1e-5)
    #expect(evaluate([false, false, false, false]).loss == 0)
    #expect(evaluate([false, true, true, true]).gradient[0] == .zero)
  }

  @Test func `anchors on the border of a box are outside of it`() {
    let grid = AnchorGrid(levels: [
      .init(height: 4, width: 6, stride: 8), .init(height: 2, width: 3, stride: 16),
    ])
    var found: [Int] = []
    // Centres at 4, 12, 20 … and 8, 24, 40.
    grid.forEachAnchor(inside: Box(x1: 12, y1: 3, x2: 36, y2: 12.5)) { found.append($0.index) }
    #expect(found == [2, 3, 8, 9, 25])
    for index in 0..<grid.count { #expect(grid.anchor(index).index == index) }
    #expect(grid.anchor(25).x == 1.5 && grid.anchor(25).y == 0.5 && grid.anchor(25).stride == 16)
  }
}
