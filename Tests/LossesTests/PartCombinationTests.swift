import Config
import Losses
import PoseCore
import Testing

@Suite struct `The pose loss with other parts` {
  /// Every part but the usual one, alone and together.
  static let choices: [[String: String]] =
    ["iou", "giou", "diou", "siou"].map { ["box_loss": $0] }
    + ["focal", "varifocal", "quality_focal"].map { ["class_loss": $0] }
    + ["l1", "smooth_l1", "wing", "adaptive_wing"].map { ["keypoint_loss": $0] }
    + [
      ["assigner": "simota"],
      [
        "assigner": "simota", "box_loss": "siou", "class_loss": "varifocal", "keypoint_loss": "adaptive_wing",
      ],
    ]

  @Test(arguments: choices)
  func `falls along its gradient, as fast as the gradient says`(parts: [String: String]) throws {
    var generator = Generator(seed: 11)
    let outputs = HeadValues.random(
      batch: 2, levels: [.init(height: 6, width: 10, stride: 8), .init(height: 3, width: 5, stride: 16)],
      classes: 3, keypointCount: 17, dimensions: 3, regMax: 16, generator: &generator)
    let targets = [2, 1].map {
      generator.instances($0, width: 80, height: 48, classes: 3, keypoints: 17)
    }
    var criterion = try Self.criterion(parts)
    let chosen = outputs.withBuffers { buffers in
      targets.enumerated().map { criterion.assigner.assign(ImagePrediction(buffers, image: $0), to: $1) }
    }
    #expect(chosen.allSatisfy { !$0.isEmpty })
    // Steps must not change what is assigned.
    criterion.assigner = Given(targets: targets, assignments: chosen)
    let (value, gradients) = try outputs.evaluate(criterion, targets: targets)
    #expect(value.items.allSatisfy { $0.isFinite && $0 > 0 })
    // What boxes, scores and keypoints have a part in, as numbers of the items.
    let outputsOf: [(part: WritableKeyPath<HeadValues, [[Float]]>, items: [Int])] = [
      (\.boxes, [0, 4]), (\.scores, [3]), (\.keypoints, [1, 2]),
    ]
    for (part, items) in outputsOf {
      let slope = gradients[keyPath: part]
      let square = slope.joined().reduce(0.0) { $0 + Double($1) * Double($1) }
      try #require(square > 0)
      func total(_ value: PoseCriterionValue) -> Double {
        items.reduce(0) { $0 + 2 * Double(value.items[$1]) }
      }
      func moved(_ step: Double) throws -> Double {
        var moved = outputs
        for level in slope.indices {
          for index in slope[level].indices {
            moved[keyPath: part][level][index] -= Float(step) * slope[level][index]
          }
        }
        return total(try moved.evaluate(criterion, targets: targets).value)
      }
      // A step that changes the loss by about a ten-thousandth.
      let step = 1e-4 * total(value) / square
      let fall = (try moved(-step) - moved(step)) / (2 * step)
      #expect(abs(fall - square) < 0.02 * square, "\(part): falls by \(fall) instead of \(square)")
    }
  }

  private static func criterion(_ parts: [String: String]) throws -> PoseCriterion {
    var registry = Registry()
    try registry.install(Losses.self)
    let layout = HeadLayout(
      classCount: 3, keypointCount: 17, keypointDimensions: 3, regMax: 16, strides: [8, 16])
    let entries = parts.map { Node.Entry(key: $0.key, value: Node(.string($0.value))) }
    let loss = try registry.losses.make(
      ComponentSpec(name: "yolo_pose", arguments: Node(.mapping(entries))),
      in: LossContext(skeleton: .cocoPerson, classCount: 3, layout: layout, registry: registry))
    return try #require(loss as? YOLOPoseLoss).criterion
  }

  private struct Given: Assigner {
    var targets: [[Instance]]
    var assignments: [[Assignment]]

    func assign(_ prediction: ImagePrediction, to targets: [Instance]) -> [Assignment] {
      self.targets.firstIndex(of: targets).map { assignments[$0] } ?? []
    }
  }
}
