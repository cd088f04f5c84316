import Foundation
import Losses
import PoseCore
import Testing

/// What the reference's assigners choose for head outputs that a formula makes.
private struct AssignmentFixture: Decodable {
  struct Target: Decodable {
    var classIndex: Int
    var box: [Float]
    var keypoints: [[Float]]
  }

  var targets: [Target]
  var sigmas: [Float]
  /// `[anchor, target, score]`.
  var results: [String: [[Double]]]

  static func load() throws -> AssignmentFixture {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(
      AssignmentFixture.self,
      from: Data(contentsOf: folder.appending(path: "Fixtures/losses/assignment.json")))
  }

  var instances: [Instance] {
    targets.map { target in
      Instance(
        classIndex: target.classIndex,
        box: Box(x1: target.box[0], y1: target.box[1], x2: target.box[2], y2: target.box[3]),
        keypoints: target.keypoints.map {
          Keypoint(x: $0[0], y: $0[1], visibility: Visibility(rawValue: UInt8($0[2])) ?? .unlabelled)
        })
    }
  }
}

@Suite struct `Assignment by keypoints` {
  private static let levels: [AnchorGrid.Level] = [
    .init(height: 12, width: 16, stride: 8), .init(height: 6, width: 8, stride: 16),
    .init(height: 3, width: 4, stride: 32),
  ]

  /// The formula: a factor and an offset for sin(0.7 (i + 1) + 1.3 phase), anchor by anchor.
  private static func wave(_ channels: Int, phase: Int, _ factor: Double, _ offset: Double) -> [[Float]] {
    var next = 0
    return levels.map { level in
      (0..<(level.cellCount * channels)).map { _ in
        next += 1
        return Float(offset + factor * sin(0.7 * Double(next) + 1.3 * Double(phase)))
      }
    }
  }

  private static var outputs: HeadValues {
    HeadValues(
      batch: 1, grid: AnchorGrid(levels: levels), classes: 2, keypointCount: 3, dimensions: 3, regMax: 1,
      boxes: wave(4, phase: 1, 1.2, 1.5), scores: wave(2, phase: 2, 2, 0),
      keypoints: wave(9, phase: 3, 1.5, 0))
  }

  @Test(arguments: ["keypoints", "boxes"], [("many", 10, nil), ("one", 7, 1), ("few", 4, 2)])
  func `is the reference's`(kind: String, count: (name: String, topK: Int, finalK: Int?)) throws {
    let fixture = try AssignmentFixture.load()
    var assigner = TaskAlignedAssigner(topK: count.topK, finalK: count.finalK)
    if kind == "keypoints" {
      assigner.overlap = KeypointOverlap(sigmas: fixture.sigmas)
      assigner.gate = LevelGate()
    }
    let found = Self.outputs.withBuffers {
      assigner.assign(ImagePrediction($0, image: 0), to: fixture.instances)
    }
    let expected = try #require(fixture.results["\(kind)-\(count.name)"])
    #expect(found.map(\.anchor) == expected.map { Int($0[0]) })
    #expect(found.map(\.target) == expected.map { Int($0[1]) })
    for (ours, theirs) in zip(found, expected) {
      #expect(abs(Double(ours.score) - theirs[2]) <= 1e-3 * theirs[2] + 1e-6)
    }
  }

  @Test func `takes anchors of the levels that fit a target's size`() {
    let grid = AnchorGrid(levels: Self.levels)
    let gate = LevelGate(least: 2, most: 12)
    func levels(_ width: Float, _ height: Float) -> Set<Int> {
      gate.levels(for: Box(x1: 3, y1: 7, x2: 3 + width, y2: 7 + height), in: grid)
    }
    #expect(levels(4, 9) == [0])
    #expect(levels(64, 16) == [0, 1])
    #expect(levels(64, 64) == [0, 1, 2])
    #expect(levels(100, 100) == [1, 2])
    #expect(levels(400, 400) == [2])
    #expect(levels(-5, 9) == [0])
  }

  @Test func `falls back on all levels where those that fit have no anchor inside`() {
    var assigner = TaskAlignedAssigner(topK: 10, overlap: KeypointOverlap(sigmas: [0.5, 0.5, 0.5]))
    // Only the coarsest level fits, and no anchor point of it lies inside.
    assigner.gate = LevelGate(least: 0, most: 0)
    let target = Instance(
      classIndex: 1, box: Box(x1: 18, y1: 20, x2: 46, y2: 44),
      keypoints: [(20, 30), (30, 25), (40, 40)].map { Keypoint(x: $0.0, y: $0.1, visibility: .visible) })
    let found = Self.outputs.withBuffers { outputs in
      assigner.assign(ImagePrediction(outputs, image: 0), to: [target])
    }
    #expect(!found.isEmpty && found.allSatisfy { $0.anchor < 12 * 16 + 6 * 8 })
  }

  @Test func `compares boxes where no keypoint is labelled`() {
    let target = Instance(
      classIndex: 0, box: Box(x1: 20, y1: 30, x2: 80, y2: 70),
      keypoints: (0..<3).map { _ in Keypoint(x: 0, y: 0, visibility: .unlabelled) })
    let found = Self.outputs.withBuffers { outputs -> [(Float, Float)] in
      let prediction = ImagePrediction(outputs, image: 0)
      return [40, 55, 200].map { index in
        let anchor = prediction.grid.anchor(index)
        return (
          KeypointOverlap(sigmas: [0.1, 0.1, 0.1]).overlap(of: prediction, at: anchor, with: target),
          BoxOverlap().overlap(of: prediction, at: anchor, with: target)
        )
      }
    }
    #expect(found.allSatisfy { $0 == $1 } && found.contains { $0.0 > 0 })
  }
}

@Suite struct `The balance of two branches` {
  @Test func `moves in a straight line from one-to-many to one-to-one`() {
    let balance = BranchBalance()
    let weights = (0..<10).map { balance.weights(epoch: $0, of: 10) }
    #expect(weights[0].oneToMany == 0.8 && abs(weights[3].oneToMany - 0.566_666_7) < 1e-6)
    #expect(weights[9] == (0.1, 0.9))
    #expect(weights.allSatisfy { abs($0.oneToMany + $0.oneToOne - 1) < 1e-12 })
    // Beyond the planned end, and in a run of one epoch.
    #expect(balance.weights(epoch: 12, of: 10) == (0.1, 0.9))
    #expect(balance.weights(epoch: 0, of: 1).oneToMany == 0.8)
    #expect(BranchBalance(first: 1, last: 1).weights(epoch: 5, of: 7) == (1, 0))
  }
}
