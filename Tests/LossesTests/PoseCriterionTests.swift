import Losses
import PoseCore
import Tensor
import Testing

@Suite struct `The pose criterion` {
  private static let levels = [
    AnchorGrid.Level(height: 8, width: 12, stride: 8), AnchorGrid.Level(height: 4, width: 6, stride: 16),
    AnchorGrid.Level(height: 2, width: 3, stride: 32),
  ]

  private static func outputs(seed: UInt64 = 11, batch: Int = 3, scale: Float = 1) -> HeadValues {
    var generator = Generator(seed: seed)
    return HeadValues.random(
      batch: batch, levels: levels, classes: 2, keypointCount: 5, dimensions: 3, regMax: 16, scale: scale,
      generator: &generator)
  }

  private static func targets(seed: UInt64 = 12, _ counts: [Int] = [4, 0, 6]) -> [[Instance]] {
    var generator = Generator(seed: seed)
    return counts.map { generator.instances($0, width: 96, height: 64, classes: 2, keypoints: 5) }
  }

  private let loss = PoseCriterion(sigmas: [0.05, 0.06, 0.07, 0.08, 0.09])

  @Test func `does not depend on the order of an image's targets`() throws {
    let outputs = Self.outputs()
    let targets = Self.targets()
    let (value, gradients) = try outputs.evaluate(loss, targets: targets)
    let (other, otherGradients) = try outputs.evaluate(loss, targets: targets.map { $0.reversed() })
    #expect(value == other)
    #expect(gradients.boxes == otherGradients.boxes && gradients.keypoints == otherGradients.keypoints)
  }

  @Test func `gives the same bits for any number of threads`() throws {
    let outputs = Self.outputs()
    let targets = Self.targets()
    let threads = Device.threads
    defer { Device.setThreads(threads) }
    Device.setThreads(1)
    let (value, gradients) = try outputs.evaluate(loss, targets: targets)
    for count in [2, 3, 8] {
      Device.setThreads(count)
      let (other, otherGradients) = try outputs.evaluate(loss, targets: targets)
      #expect(value == other)
      #expect(gradients.boxes == otherGradients.boxes && gradients.scores == otherGradients.scores)
      #expect(gradients.keypoints == otherGradients.keypoints)
    }
  }

  @Test func `teaches classes only where nobody is`() throws {
    let outputs = Self.outputs()
    let (value, gradients) = try outputs.evaluate(loss, targets: [[], [], []])
    #expect(value.items[0] == 0 && value.items[1] == 0 && value.items[2] == 0 && value.items[4] == 0)
    #expect(value.cls > 0 && value.positives == 0)
    #expect(gradients.boxes.joined().allSatisfy { $0 == 0 })
    #expect(gradients.keypoints.joined().allSatisfy { $0 == 0 })
    #expect(gradients.scores.joined().allSatisfy { $0 > 0 })
  }

  @Test func `stays finite for boxes without area and for extreme outputs`() throws {
    func instance(_ box: Box) -> Instance {
      Instance(
        classIndex: 0, box: box,
        keypoints: (0..<5).map { _ in Keypoint(x: box.x1, y: box.y1, visibility: .visible) })
    }
    let odd = [
      Box(x1: 40, y1: 30, x2: 40, y2: 30), Box(x1: 0, y1: 0, x2: 0, y2: 0),
      Box(x1: 10, y1: 20, x2: 60, y2: 20),
      Box(x1: 12, y1: 4, x2: 12.001, y2: 60), Box(x1: -20, y1: -20, x2: 200, y2: 300),
      Box(x1: 60, y1: 50, x2: 20, y2: 10), Box(x1: 500, y1: 500, x2: 600, y2: 600),
      Box(x1: -1e30, y1: -1e30, x2: 1e30, y2: 1e30),
    ].map(instance)
    for scale: Float in [0, 1, 30, 300] {
      let outputs = Self.outputs(batch: 1, scale: scale)
      let (value, gradients) = try outputs.evaluate(loss, targets: [odd])
      #expect(value.items.allSatisfy { $0.isFinite })
      for part in [gradients.boxes, gradients.scores, gradients.keypoints] {
        #expect(part.joined().allSatisfy { $0.isFinite })
      }
    }
  }

  @Test func `learns nothing from keypoints that are not labelled`() throws {
    let outputs = Self.outputs(batch: 1)
    var targets = Self.targets([3])
    for index in targets[0].indices {
      for point in 0..<5 { targets[0][index].keypoints[point].visibility = .unlabelled }
    }
    let (value, gradients) = try outputs.evaluate(loss, targets: targets)
    #expect(value.positives > 0 && value.pose == 0 && value.kobj > 0)
    for level in gradients.keypoints {
      for (index, slope) in level.enumerated() where index % 3 != 2 { #expect(slope == 0) }
    }
  }

  @Test func `shows a network that is broken`() throws {
    var outputs = Self.outputs(batch: 1)
    for level in outputs.boxes.indices {
      for index in outputs.boxes[level].indices { outputs.boxes[level][index] = .nan }
    }
    let (value, _) = try outputs.evaluate(loss, targets: Self.targets([3]))
    #expect(value.total.isNaN)
    outputs = Self.outputs(batch: 1)
    outputs.scores[0][7] = .nan
    #expect(try outputs.evaluate(loss, targets: Self.targets([3])).value.total.isNaN)
  }

  @Test func `refuses targets that do not fit the head`() throws {
    let outputs = Self.outputs(batch: 1)
    let good = Self.targets([2])[0]
    func error(_ change: (inout [Instance]) -> Void) -> PoseTargetError? {
      var instances = good
      change(&instances)
      do {
        _ = try outputs.evaluate(loss, targets: [instances])
        return nil
      } catch {
        return error as? PoseTargetError
      }
    }
    #expect(error { _ in } == nil)
    #expect(error { $0[1].classIndex = 2 } == .classOutOfRange(image: 0, instance: 1, found: 2, classes: 2))
    #expect(
      error { $0[1].keypoints.removeLast() } == .keypointCount(image: 0, instance: 1, found: 4, expected: 5))
    #expect(error { $0[0].box.x2 = .nan } == .notFinite(image: 0, instance: 0))
    #expect(
      error { $0[0].keypoints[2] = Keypoint(x: .infinity, y: 0, visibility: .visible) }
        == .notFinite(image: 0, instance: 0))
    #expect(throws: PoseTargetError.imageCount(found: 2, batch: 1)) {
      try outputs.evaluate(loss, targets: [good, good])
    }
  }
}
