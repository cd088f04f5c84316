import Foundation
import Layers
import Optimizers
import PoseCore
import Tensor
import Testing
import Training

/// Forty steps and whole schedules of torch 2.15; Muon's iterations in single precision, Lion written down from its
/// paper.
private struct OptimizerFixture: Decodable {
  struct Numbers: Decodable {
    /// Every fifth number.
    var weight: [Float]
    var bias: [Float]
  }

  struct Course: Decodable {
    var lr: [Double]
    var momentum: [Double]
  }

  var steps: Int
  var optimizers: [String: Numbers]
  var schedules: [String: Course]

  init() throws {
    self = try JSONDecoder().decode(
      OptimizerFixture.self, from: Fixtures.data("training/optimizer-steps.json"))
  }
}

@Suite struct `Optimisers by name` {
  @Test(arguments: [
    ("rmsprop", "rmsprop"),
    ("rmsprop_centered", "{type: rmsprop, alpha: 0.9, epsilon: 1e-6, centered: true}"),
    ("adamw_beta2", "{type: adamw, beta2: 0.98, eps: 1e-6}"), ("sgd_plain", "{type: sgd, nesterov: false}"),
    ("lion", "lion"), ("muon", "muon"), ("musgd", "musgd"),
    (
      "muon_match",
      "{type: muon, nesterov: false, ns_steps: 3, scaling: match_rms_adamw, fallback: sgd}"
    ),
  ])
  func `take the reference's steps`(name: String, text: String) throws {
    let fixture = try OptimizerFixture()
    let expected = try #require(fixture.optimizers[name])
    let layer = Convolution2D(inChannels: 4, outChannels: 6, kernel: 3)
    let store = ParameterStore(layer, device: .openBLAS(), seed: 0)
    let weights = (0..<216).map { Float(cos(Double($0 * $0) * 0.61)) / 2 }
    let biases = (0..<6).map { Float(sin(Double($0))) }
    try #require(store.offset(of: "weight") == 0 && store.offset(of: "bias") == 216)
    (weights + biases).withUnsafeBufferPointer { store.values.copyFromHost($0) }
    let groups: [Parameter.Role: OptimizerGroup] = [
      .weight: OptimizerGroup(learningRate: 0.01, momentum: 0.9, decay: 1e-3),
      .bias: OptimizerGroup(learningRate: 0.01, momentum: 0.9, decay: 0),
    ]
    let optimizer = try Workshop.registry().optimizers.make(
      ComponentSpec(text: text, named: "optimizer"), in: OptimizerContext(store: store, groups: groups))
    for step in 0..<fixture.steps {
      let values = store.values.copyToHost()
      // Gradients are halved on their way.
      let gradients = values.enumerated().map { index, value in
        let (place, shift) = index < 216 ? (index, 0.0) : (index - 216, 2.0)
        return 2 * (Float(sin(Double(place * place) * 0.37 + Double(step) * 1.3 + shift)) + 0.5 * value)
      }
      gradients.withUnsafeBufferPointer { store.gradients.copyFromHost($0) }
      optimizer.step(gradientScale: 0.5)
    }
    let values = store.values.copyToHost()
    let moved = zip(values, weights + biases).map { abs($0 - $1) }.max() ?? 0
    #expect(moved > 0.05)
    func largestDifference(_ ours: [Float], _ theirs: [Float]) -> Float {
      zip(ours, theirs).map { abs($0 - $1) }.max() ?? .infinity
    }
    let sample = stride(from: 0, to: 216, by: 5).map { values[$0] }
    #expect(largestDifference(sample, expected.weight) < 2e-5)
    #expect(largestDifference(Array(values[216..<222]), expected.bias) < 1e-5)
  }

  @Test(arguments: [(7, 40), (40, 7)])
  func `of muon take a matrix near an orthogonal one`(rows: Int, columns: Int) throws {
    let layer = Convolution2D(inChannels: columns, outChannels: rows, kernel: 1, bias: false)
    let store = ParameterStore(layer, device: .openBLAS(), seed: 3)
    let before = store.values.copyToHost()
    store.device.engine.copy(store.values, to: store.gradients)
    let group = OptimizerGroup(learningRate: 1, momentum: 0, decay: 0)
    let muon = Muon(OptimizerContext(store: store, groups: [.weight: group]))
    muon.step(gradientScale: 1e-3)
    let after = store.values.copyToHost()
    let scale = max(1, Float(rows) / Float(columns)).squareRoot()
    let update = zip(before, after).map { ($0 - $1) / scale }
    // Lengths of the shorter side's vectors are near 1, their products near 0.
    let (side, length) = (min(rows, columns), max(rows, columns))
    func element(_ vector: Int, _ place: Int) -> Float {
      rows <= columns ? update[vector * columns + place] : update[place * columns + vector]
    }
    for a in 0..<side {
      for b in 0...a {
        let product = (0..<length).reduce(Float(0)) { $0 + element(a, $1) * element(b, $1) }
        #expect(abs(product - (a == b ? 1 : 0)) < 0.5, "\(a), \(b)")
      }
    }
  }
}

@Suite struct `Schedules by name` {
  @Test(arguments: [
    ("one_cycle", "{type: one_cycle, final_div_factor: 1e4, base_momentum: 0.85, max_momentum: 0.95}"),
    (
      "one_cycle_linear",
      "{type: one_cycle, pct_start: 0.4, anneal: linear, div_factor: 10, final_div_factor: 100, "
        + "base_momentum: 0.8, max_momentum: 0.92}"
    ),
    ("step", "{type: step, step_size: 7, gamma: 0.3}"),
    ("milestones", "{type: step, milestones: [5, 17, 18], gamma: 0.5}"),
  ])
  func `take the reference's course`(name: String, text: String) throws {
    let expected = try #require(try OptimizerFixture().schedules[name])
    let schedule = try Self.make(text)
    let length = RunLength(epochs: expected.lr.count, batchesPerEpoch: 1)
    for (step, factor) in expected.lr.enumerated() {
      #expect(abs(schedule.factor(iteration: step, in: length) - factor) < 1e-9, "step \(step)")
      let momentum = schedule.momentum(iteration: step, in: length)
      #expect(name.hasPrefix("one_cycle") == (momentum != nil))
      if let momentum { #expect(abs(momentum - expected.momentum[step]) < 1e-9, "step \(step)") }
    }
  }

  @Test func `of one cycle count iterations, the others epochs`() throws {
    let length = RunLength(epochs: 4, batchesPerEpoch: 25)
    let cycle = try Self.make("one_cycle")
    #expect(cycle.factor(iteration: 29, in: length) == 1)
    #expect(abs(cycle.factor(iteration: 0, in: length) - 0.04) < 1e-12)
    #expect(abs(cycle.factor(iteration: 99, in: length) - 0.25) < 1e-12)
    for name in ["linear", "cosine", "{type: step, step_size: 1}"] {
      let schedule = try Self.make(name)
      #expect(schedule.factor(iteration: 24, in: length) == schedule.factor(epoch: 0, of: 4))
      #expect(schedule.factor(iteration: 25, in: length) == schedule.factor(epoch: 1, of: 4))
      #expect(schedule.factor(epoch: 1, of: 4) < 1)
    }
    #expect(try Self.make("constant").factor(iteration: 99, in: length) == 1)
  }

  @Test func `move rates and momentum of the plan`() throws {
    var options = OptimizationOptions()
    options.optimizer = "sgd"
    options.warmupEpochs = 0
    options.schedule = try ComponentSpec(
      text: "{type: one_cycle, base_momentum: 0.8, max_momentum: 0.9}", named: "schedule")
    let plan = StepPlan(
      options, choice: OptimizerChoice(options, images: 80, batch: 8, epochs: 5, classes: 1),
      schedule: try Self.make(options.chosenSchedule.text), epochs: 5, batch: 8, batchesPerEpoch: 10)
    let groups = plan.groups(iteration: 14)
    #expect(groups[.weight]?.learningRate == 0.01 && groups[.bias]?.momentum == 0.8)
    #expect(abs((plan.groups(iteration: 49)[.weight]?.momentum ?? 0) - 0.9) < 1e-12)
  }

  private static func make(_ text: String) throws -> any Schedule {
    try Workshop.registry().schedules.make(
      ComponentSpec(text: text, named: "schedule"), in: ScheduleContext(finalFactor: 0.25))
  }
}
