import Config
import Foundation
import Losses
import PoseCore
import Testing

/// Losses and gradients in double precision, by other implementations: see the fixtures' README.
private struct PartFixture: Decodable {
  struct Values: Decodable {
    var loss: [Double]
    var gradient: [Double]
  }

  var predicted: [Float]
  var target: [Float]
  var boxes: [String: Values]
  var logits: [Float]
  var targets: [Float]
  var scores: [String: Values]
  var errors: [Float]
  var coordinates: [String: Values]

  init() throws {
    let data = try Data(contentsOf: LossCase.fixtures.appending(path: "parts.json"))
    self = try JSONDecoder().decode(PartFixture.self, from: data)
  }
}

@Suite struct `Parts of the pose loss by name` {
  @Test(arguments: [
    ("iou", "iou", [:]), ("iou_power2", "iou", ["power": 2]), ("giou", "giou", [:]), ("diou", "diou", [:]),
    ("ciou", "ciou", [:]), ("siou", "siou", [:]), ("siou_theta2", "siou", ["theta": 2]),
  ])
  func `give the reference's box losses and gradients`(
    case name: String, component: String, arguments: [String: Double]
  ) throws {
    let fixture = try PartFixture()
    let expected = try #require(fixture.boxes[name])
    let loss = try Parts.make(component, arguments, \.boxLosses)
    for index in expected.loss.indices {
      func box(_ values: [Float]) -> Box { Box(SIMD4(values[(4 * index)..<(4 * index + 4)])) }
      let (value, gradient) = loss.evaluate(predicted: box(fixture.predicted), target: box(fixture.target))
      #expect(abs(Double(value) - expected.loss[index]) < 2e-6, "case \(index)")
      for corner in 0..<4 {
        let wanted = expected.gradient[4 * index + corner]
        #expect(abs(Double(gradient.corners[corner]) - wanted) < 3e-6, "case \(index), corner \(corner)")
      }
    }
  }

  @Test(arguments: ["iou", "giou", "diou", "ciou", "siou"])
  func `are nothing for a box that is its target, and finite for boxes without area`(name: String) throws {
    let loss = try Parts.make(name, [:], \.boxLosses)
    let box = Box(x1: 3, y1: 5, x2: 10, y2: 25)
    let same = loss.evaluate(predicted: box, target: box)
    #expect(abs(same.loss) < 1e-6)
    let point = Box(x1: 4, y1: 4, x2: 4, y2: 4)
    for (predicted, target) in [(point, box), (box, point), (point, point)] {
      let (value, gradient) = loss.evaluate(predicted: predicted, target: target)
      #expect(value.isFinite && value >= 0)
      for corner in 0..<4 { #expect(gradient.corners[corner].isFinite) }
    }
  }

  @Test(arguments: [
    ("bce", "bce", [:]), ("focal", "focal", [:]), ("focal_0.6_1.5", "focal", ["alpha": 0.6, "gamma": 1.5]),
    ("varifocal", "varifocal", [:]), ("varifocal_0.5_3", "varifocal", ["alpha": 0.5, "gamma": 3]),
    ("quality_focal", "quality_focal", [:]), ("quality_focal_1", "quality_focal", ["beta": 1]),
  ])
  func `give the reference's class losses and gradients`(
    case name: String, component: String, arguments: [String: Double]
  ) throws {
    let fixture = try PartFixture()
    let expected = try #require(fixture.scores[name])
    let loss = try Parts.make(component, arguments, \.classLosses)
    var gradient = [Float](repeating: .nan, count: fixture.logits.count)
    var sum = 0.0
    for index in fixture.logits.indices {
      let (logit, target) = ([fixture.logits[index]], [fixture.targets[index]])
      let value = Parts.evaluate(loss, logit, target)
      let tolerance = 1e-6 * max(1, abs(expected.loss[index]))
      #expect(abs(value.loss - expected.loss[index]) < tolerance, "case \(index)")
      #expect(abs(Double(value.gradient[0]) - expected.gradient[index]) < 2e-6, "case \(index)")
      gradient[index] = value.gradient[0]
      sum += value.loss
    }
    // 65 scores at once: four blocks of 16 and a rest.
    let whole = Parts.evaluate(loss, fixture.logits, fixture.targets)
    #expect(whole.gradient == gradient)
    #expect(abs(whole.loss - sum) < 1e-5 * sum)
  }

  @Test(arguments: [
    ("l1", "l1", [:]), ("smooth_l1", "smooth_l1", [:]), ("wing", "wing", [:]),
    ("wing_0.4_0.1", "wing", ["width": 0.4, "curvature": 0.1]), ("adaptive_wing", "adaptive_wing", [:]),
    ("adaptive_wing_14", "adaptive_wing", ["omega": 14, "theta": 0.5, "epsilon": 1]),
  ])
  func `give the reference's coordinate losses and gradients`(
    case name: String, component: String, arguments: [String: Double]
  ) throws {
    let fixture = try PartFixture()
    let expected = try #require(fixture.coordinates[name])
    let loss = try Parts.make(component, arguments, \.keypointLosses)
    for (index, error) in fixture.errors.enumerated() {
      // A box of 7 × 7 cells; the error counts along one axis, the other one is right.
      let value = Parts.evaluate(
        loss, [SIMD2(7 * error + 3, 5)], [SIMD2(3, 5)], labelled: [true], area: 49)
      #expect(abs(Double(value.loss) - expected.loss[index]) < 3e-6 * max(1, expected.loss[index]))
      #expect(abs(Double(value.gradient[0].x) * 7 - expected.gradient[index]) < 3e-5, "error \(error)")
      #expect(value.gradient[0].y == 0)
    }
  }

  @Test(arguments: ["l1", "smooth_l1", "wing", "adaptive_wing"])
  func `weigh targets alike, ignore unlabelled keypoints and know their unit`(name: String) throws {
    let loss = try Parts.make(name, [:], \.keypointLosses)
    let wanted = [SIMD2<Float>](repeating: SIMD2(2, 3), count: 4)
    let predicted = wanted.map { $0 + SIMD2(0.6, -0.9) }
    func evaluate(_ labelled: [Bool], area: Float = 9) -> (loss: Float, gradient: [SIMD2<Float>]) {
      Parts.evaluate(loss, predicted, wanted, labelled: labelled, area: area)
    }
    let all = evaluate([true, true, true, true])
    let one = evaluate([false, true, false, false])
    #expect(abs(all.loss - one.loss) < 1e-5)
    #expect(one.gradient[0] == .zero && one.gradient[1].x > 0 && one.gradient[1].y < 0)
    #expect(evaluate([false, false, false, false]).loss == 0)
    // A box smaller than a cell counts as one cell, which is what the other unit always means.
    let cells = try Parts.make(name, values: ["unit": .string("cell")], \.keypointLosses)
    let inCells = Parts.evaluate(cells, predicted, wanted, labelled: [true, true, true, true], area: 9)
    #expect(evaluate([true, true, true, true], area: 0.01).loss == inCells.loss)
    #expect(all.loss < inCells.loss)
  }
}

/// Parts of losses from the registry, and calls with arrays.
enum Parts {
  static func make<Product>(
    _ name: String, _ arguments: [String: Double],
    _ table: KeyPath<Registry, ComponentTable<LossContext, Product>>
  ) throws -> Product {
    try make(name, values: arguments.mapValues { .float($0) }, table)
  }

  static func make<Product>(
    _ name: String, values arguments: [String: Node.Value],
    _ table: KeyPath<Registry, ComponentTable<LossContext, Product>>
  ) throws -> Product {
    var registry = Registry()
    try registry.install(Losses.self)
    let entries = arguments.map { Node.Entry(key: $0.key, value: Node($0.value)) }
    let layout = HeadLayout(
      classCount: 2, keypointCount: 17, keypointDimensions: 3, regMax: 16, strides: [8, 16])
    return try registry[keyPath: table].make(
      ComponentSpec(name: name, arguments: Node(.mapping(entries))),
      in: LossContext(skeleton: .cocoPerson, classCount: 2, layout: layout, registry: registry))
  }

  static func evaluate(
    _ loss: any ClassificationLoss, _ logits: [Float], _ targets: [Float]
  ) -> (loss: Double, gradient: [Float]) {
    var gradient = [Float](repeating: .nan, count: logits.count)
    let value = gradient.withUnsafeMutableBufferPointer { gradient in
      logits.withUnsafeBufferPointer { logits in
        targets.withUnsafeBufferPointer { loss.evaluate(logits: logits, targets: $0, gradient: gradient) }
      }
    }
    return (value, gradient)
  }

  static func evaluate(
    _ loss: any KeypointLoss, _ predicted: [SIMD2<Float>], _ wanted: [SIMD2<Float>], labelled: [Bool],
    area: Float
  ) -> (loss: Float, gradient: [SIMD2<Float>]) {
    var gradient = [SIMD2<Float>](repeating: .init(repeating: .nan), count: predicted.count)
    let value = predicted.withUnsafeBufferPointer { predicted in
      wanted.withUnsafeBufferPointer { positions in
        labelled.withUnsafeBufferPointer { isLabelled in
          gradient.withUnsafeMutableBufferPointer {
            loss.evaluate(
              predicted: predicted,
              target: KeypointTarget(
                positions: positions, isLabelled: isLabelled, labelledCount: labelled.count { $0 }, area: area
              ),
              gradient: $0)
          }
        }
      }
    }
    return (value, gradient)
  }
}
