import Foundation
import Losses
import PoseCore
import Testing

/// What the reference's assigner chooses where targets have fewer anchors inside than it wants.
private struct FewAnchorsFixture: Decodable {
  struct Case: Decodable, CustomStringConvertible {
    struct Target: Decodable {
      var classIndex: Int
      var box: [Float]
    }

    var width: Int
    var height: Int
    /// Of the formula that makes the outputs.
    var phase: Int
    var targets: [Target]
    /// `[anchor, target, score]`.
    var results: [String: [[Double]]]

    var description: String { "\(width)×\(height), \(targets.count) targets" }

    var grid: AnchorGrid {
      AnchorGrid(levels: [8, 16, 32].map { .init(height: height / $0, width: width / $0, stride: $0) })
    }

    /// sin(0.7 (i + 1) + 1.3 phase) by a factor and an offset, anchor by anchor.
    private func wave(_ channels: Int, phase: Int, _ factor: Double, _ offset: Double) -> [[Float]] {
      var next = 0
      return grid.levels.map { level in
        (0..<(level.cellCount * channels)).map { _ in
          next += 1
          return Float(offset + factor * sin(0.7 * Double(next) + 1.3 * Double(phase)))
        }
      }
    }

    var outputs: HeadValues {
      HeadValues(
        batch: 1, grid: grid, classes: 2, keypointCount: 1, dimensions: 2, regMax: 1,
        boxes: wave(4, phase: phase + 1, 1.2, 0.9), scores: wave(2, phase: phase + 2, 2, 0),
        keypoints: wave(2, phase: 0, 0, 0))
    }

    var instances: [Instance] {
      targets.map { target in
        Instance(
          classIndex: target.classIndex,
          box: Box(x1: target.box[0], y1: target.box[1], x2: target.box[2], y2: target.box[3]),
          keypoints: [Keypoint(x: 0, y: 0, visibility: .unlabelled)])
      }
    }
  }

  var cases: [Case]

  static func load() throws -> FewAnchorsFixture {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(
      FewAnchorsFixture.self,
      from: Data(contentsOf: folder.appending(path: "Fixtures/losses/few-anchors.json")))
  }
}

@Suite struct `Assignment of targets with few anchors` {
  @Test(arguments: [("many", 10, nil), ("one", 7, 1), ("few", 4, 2)])
  func `is the reference's`(name: String, topK: Int, finalK: Int?) throws {
    let assigner = TaskAlignedAssigner(topK: topK, finalK: finalK)
    var unaligned = 0
    for sample in try FewAnchorsFixture.load().cases {
      let found = sample.outputs.withBuffers {
        assigner.assign(ImagePrediction($0, image: 0), to: sample.instances)
      }
      let expected = try #require(sample.results[name])
      #expect(found.map(\.anchor) == expected.map { Int($0[0]) }, "\(sample)")
      #expect(found.map(\.target) == expected.map { Int($0[1]) }, "\(sample)")
      for (ours, theirs) in zip(found, expected) {
        #expect(abs(Double(ours.score) - theirs[2]) <= 1e-3 * theirs[2] + 1e-6)
      }
      unaligned += expected.count { $0[2] == 0 }
    }
    #expect(unaligned > 0)
  }

  @Test func `leaves no anchor inside a target out where there are fewer than wanted`() throws {
    // A grid of six anchors, all inside the only target, none overlapping it.
    let outputs = HeadValues(
      batch: 1, grid: AnchorGrid(levels: [.init(height: 2, width: 3, stride: 8)]), classes: 1,
      keypointCount: 1, dimensions: 2, regMax: 1,
      boxes: [[Float](repeating: -1, count: 24)], scores: [[Float](repeating: 0, count: 6)],
      keypoints: [[Float](repeating: 0, count: 12)])
    let target = Instance(
      classIndex: 0, box: Box(x1: 0, y1: 0, x2: 24, y2: 16),
      keypoints: [Keypoint(x: 3, y: 4, visibility: .visible)])
    let found = outputs.withBuffers {
      TaskAlignedAssigner(topK: 10).assign(ImagePrediction($0, image: 0), to: [target])
    }
    #expect(found.map(\.anchor) == Array(0..<6) && found.allSatisfy { $0.score == 0 })
  }
}
