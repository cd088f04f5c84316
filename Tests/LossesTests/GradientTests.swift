import Losses
import PoseCore
import Testing

@Suite struct `Gradients of the pose loss` {
  struct Setting: Sendable, CustomTestStringConvertible {
    var seed: UInt64
    var levels: [AnchorGrid.Level]
    var classes: Int
    var keypoints: Int
    var dimensions: Int
    var bins: Int
    var people: [Int]

    var testDescription: String {
      "\(levels.count) levels, \(classes) classes, \(keypoints) × \(dimensions) keypoints, \(bins) bins"
    }
  }

  static let settings = [
    Setting(
      seed: 1, levels: [.init(height: 6, width: 10, stride: 8), .init(height: 3, width: 5, stride: 16)],
      classes: 1, keypoints: 17, dimensions: 3, bins: 16, people: [2, 0, 3]),
    Setting(
      seed: 2, levels: [.init(height: 10, width: 4, stride: 4), .init(height: 5, width: 2, stride: 8)],
      classes: 5, keypoints: 3, dimensions: 2, bins: 7, people: [3]),
    Setting(
      seed: 3, levels: [.init(height: 4, width: 7, stride: 16)],
      classes: 18, keypoints: 1, dimensions: 3, bins: 20, people: [1, 4]),
  ]

  @Test(arguments: settings)
  func `are those of central differences in double precision`(setting: Setting) throws {
    var generator = Generator(seed: setting.seed)
    let outputs = HeadValues.random(
      batch: setting.people.count, levels: setting.levels, classes: setting.classes,
      keypointCount: setting.keypoints, dimensions: setting.dimensions, regMax: setting.bins,
      generator: &generator)
    let size = outputs.grid.inputSize
    let targets = setting.people.map {
      generator.instances(
        $0, width: Float(size.width), height: Float(size.height), classes: setting.classes,
        keypoints: setting.keypoints)
    }
    let sigmas = (0..<setting.keypoints).map { 0.05 + 0.02 * Float($0) }
    let loss = PoseCriterion(sigmas: sigmas, regMax: setting.bins)
    let (value, gradients) = try outputs.evaluate(loss, targets: targets)
    let assignments = outputs.withBuffers { buffers in
      targets.enumerated().map { TaskAlignedAssigner().assign(ImagePrediction(buffers, image: $0), to: $1) }
    }
    #expect(value.positives == assignments.map(\.count).reduce(0, +))
    try #require(value.positives > 0)

    var oracle = DoublePrecisionLoss(
      targets: targets, assignments: assignments, sigmas: sigmas.map(Double.init), aspectWeights: nil)
    var point = DoublePrecisionLoss.Outputs(outputs)
    let (items, weights) = oracle.evaluate(point)
    for (ours, theirs) in zip(value.items, items) { #expect(abs(Double(ours) - theirs) <= 1e-5 * theirs) }
    oracle.aspectWeights = weights

    func check(_ path: WritableKeyPath<DoublePrecisionLoss.Outputs, [[Double]]>, _ ours: [[Float]]) {
      let largest = Double(ours.joined().map(abs).max() ?? 0)
      var worst = 0.0
      for level in ours.indices {
        // All that have a gradient, and a sample of the others.
        for index in ours[level].indices where ours[level][index] != 0 || index % 13 == 0 {
          let step = 1e-5
          let middle = point[keyPath: path][level][index]
          point[keyPath: path][level][index] = middle + step
          let above = oracle.evaluate(point).items.reduce(0, +)
          point[keyPath: path][level][index] = middle - step
          let below = oracle.evaluate(point).items.reduce(0, +)
          point[keyPath: path][level][index] = middle
          let expected = (above - below) / (2 * step) * Double(setting.people.count)
          worst = max(worst, abs(expected - Double(ours[level][index])))
        }
      }
      #expect(largest > 0)
      #expect(worst <= 2e-5 * largest)
    }
    check(\.boxes, gradients.boxes)
    check(\.scores, gradients.scores)
    check(\.keypoints, gradients.keypoints)
  }

  @Test func `of complete IoU are those of differences, whatever the boxes' position`() {
    var generator = Generator(seed: 7)
    func box() -> Box {
      let x = Float.random(in: 0...8, using: &generator)
      let y = Float.random(in: 0...8, using: &generator)
      return Box(
        x1: x, y1: y, x2: x + .random(in: 1...6, using: &generator),
        y2: y + .random(in: 1...6, using: &generator))
    }
    for _ in 0..<200 {
      let (first, second) = (box(), box())
      let middle = CompleteIoU(of: first, and: second)
      #expect(middle.value >= -1.5 && middle.value <= 1)
      // Distance and overlap only: boxes of the same shape have no aspect term.
      let square = Box(x1: first.x1, y1: first.y1, x2: first.x1 + 2, y2: first.y1 + 2)
      let other = Box(x1: second.x1, y1: second.y1, x2: second.x1 + 2, y2: second.y1 + 2)
      let gradient = CompleteIoU(of: square, and: other).gradient
      func shifted(_ by: Float) -> Float {
        let moved = Box(x1: square.x1 + by, y1: square.y1, x2: square.x2 + by, y2: square.y2)
        return CompleteIoU(of: moved, and: other).value
      }
      let difference = (shifted(1e-2) - shifted(-1e-2)) / 2e-2
      #expect(abs(difference - (gradient.x1 + gradient.x2)) < 2e-2)
    }
  }
}
