import Foundation
import Losses
import PoseCore
import Testing

@Suite struct `SimOTA assignment` {
  struct Setting: Sendable {
    var seed: UInt64
    var people: Int
    var classes: Int
    var candidates = 10
    var radius: Float = 2.5
  }

  private static let levels: [AnchorGrid.Level] = [
    .init(height: 12, width: 16, stride: 8), .init(height: 6, width: 8, stride: 16),
    .init(height: 3, width: 4, stride: 32),
  ]

  private static func outputs(_ classes: Int, _ generator: inout Generator) -> HeadValues {
    HeadValues.random(
      batch: 1, levels: levels, classes: classes, keypointCount: 2, dimensions: 3, regMax: 8, scale: 2,
      generator: &generator)
  }

  @Test(arguments: [
    Setting(seed: 1, people: 1, classes: 1), Setting(seed: 2, people: 4, classes: 3),
    Setting(seed: 3, people: 9, classes: 2),
    Setting(seed: 4, people: 6, classes: 1, candidates: 3, radius: 1.5),
    Setting(seed: 5, people: 25, classes: 5),
  ])
  func `is that of the paper's algorithm, plainly`(setting: Setting) throws {
    var generator = Generator(seed: setting.seed)
    let outputs = Self.outputs(setting.classes, &generator)
    let targets = generator.instances(
      setting.people, width: 128, height: 96, classes: setting.classes, keypoints: 2)
    let assigner = SimOTAAssigner(candidates: setting.candidates, centerRadius: setting.radius)
    let found = outputs.withBuffers { assigner.assign(ImagePrediction($0, image: 0), to: targets) }
    let expected = Self.plain(outputs, targets, setting)
    #expect(found.map(\.anchor) == expected.map(\.anchor))
    #expect(found.map(\.target) == expected.map(\.target))
    for (ours, theirs) in zip(found, expected) { #expect(abs(ours.score - theirs.score) < 1e-5) }
    #expect(Set(found.map(\.anchor)).count == found.count && !found.isEmpty)
  }

  /// Matrices of costs and overlaps, then one row after another, in double precision.
  private static func plain(_ outputs: HeadValues, _ targets: [Instance], _ setting: Setting) -> [Assignment]
  {
    let grid = outputs.grid
    let count = grid.count
    var isCompeting = [Bool](repeating: false, count: count)
    var isCentral = [[Bool]](repeating: isCompeting, count: targets.count)
    for (row, target) in targets.enumerated() {
      let centre = ((target.box.x1 + target.box.x2) / 2, (target.box.y1 + target.box.y2) / 2)
      for index in 0..<count {
        let anchor = grid.anchor(index)
        let (x, y) = (anchor.x * anchor.stride, anchor.y * anchor.stride)
        let isInside = x > target.box.x1 && x < target.box.x2 && y > target.box.y1 && y < target.box.y2
        let reach = setting.radius * anchor.stride
        let isNear = abs(x - centre.0) < reach && abs(y - centre.1) < reach
        if isInside || isNear { isCompeting[index] = true }
        isCentral[row][index] = isInside && isNear
      }
    }
    let competing = (0..<count).filter { isCompeting[$0] }
    var costs = [[Double]](repeating: [], count: targets.count)
    var overlaps = costs
    for (row, target) in targets.enumerated() {
      for index in competing {
        let overlap = iou(box(outputs, grid.anchor(index)), target.box)
        overlaps[row].append(overlap)
        var crossEntropy = 0.0
        for (number, logit) in scores(outputs, grid.anchor(index)).enumerated() {
          let score = 1 / (1 + exp(-logit))
          crossEntropy -= number == target.classIndex ? log(score) : log(1 - score)
        }
        costs[row].append(crossEntropy - 3 * log(overlap + 1e-8) + (isCentral[row][index] ? 0 : 100_000))
      }
    }
    var matches = [[Int]](repeating: [], count: competing.count)
    for row in targets.indices {
      let best = overlaps[row].sorted(by: >).prefix(setting.candidates).reduce(0, +)
      let order = costs[row].indices.sorted { (costs[row][$0], $0) < (costs[row][$1], $1) }
      for place in order.prefix(max(1, Int(best))) { matches[place].append(row) }
    }
    return competing.indices.compactMap { place in
      guard let row = matches[place].min(by: { costs[$0][place] < costs[$1][place] }) else { return nil }
      return Assignment(anchor: competing[place], target: row, score: Float(overlaps[row][place]))
    }
  }

  private static func scores(_ outputs: HeadValues, _ anchor: AnchorGrid.Anchor) -> [Double] {
    let start = anchor.cell * outputs.classes
    return outputs.scores[anchor.level][start..<(start + outputs.classes)].map(Double.init)
  }

  private static func box(_ outputs: HeadValues, _ anchor: AnchorGrid.Anchor) -> [Double] {
    let bins = outputs.regMax
    let logits = outputs.boxes[anchor.level][(anchor.cell * 4 * bins)..<((anchor.cell + 1) * 4 * bins)]
    let sides = (0..<4).map { side -> Double in
      let weights = logits.dropFirst(side * bins).prefix(bins).map { exp(Double($0)) }
      return zip(0..., weights).reduce(0) { $0 + Double($1.0) * $1.1 } / weights.reduce(0, +)
    }
    let (x, y, stride) = (Double(anchor.x), Double(anchor.y), Double(anchor.stride))
    return [x - sides[0], y - sides[1], x + sides[2], y + sides[3]].map { $0 * stride }
  }

  private static func iou(_ a: [Double], _ box: Box) -> Double {
    let b = [box.x1, box.y1, box.x2, box.y2].map(Double.init)
    let shared = max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)
  }

  @Test func `takes odd targets and broken numbers`() {
    var generator = Generator(seed: 8)
    var outputs = Self.outputs(2, &generator)
    let inside = generator.instances(1, width: 128, height: 96, classes: 2, keypoints: 2)
    var odd = inside
    odd[0].box = Box(x1: 900, y1: 900, x2: 950, y2: 990)
    var flat = inside
    flat[0].box = Box(x1: 40, y1: 30, x2: 40, y2: 30)
    for targets in [[], odd, flat, odd + inside] {
      let found = outputs.withBuffers { SimOTAAssigner().assign(ImagePrediction($0, image: 0), to: targets) }
      #expect(found.allSatisfy { $0.score.isFinite })
      #expect(found.isEmpty == !targets.contains { $0.box.x1 < 200 })
    }
    outputs.boxes = outputs.boxes.map { $0.map { _ in Float.nan } }
    let found = outputs.withBuffers { SimOTAAssigner().assign(ImagePrediction($0, image: 0), to: inside) }
    #expect(!found.isEmpty)
  }
}
