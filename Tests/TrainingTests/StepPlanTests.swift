import Foundation
import Layers
import Optimizers
import PoseCore
import PoseLab
import Testing
import Training

@Suite struct `The plan of steps` {
  @Test(
    arguments: [
      "linear_batch16", "cosine_batch16", "linear_batch24", "cosine_batch128", "short_run_2_epochs",
    ])
  func `equals the values in force in the reference's loop`(name: String) throws {
    let reference = try #require(try ScheduleFixture.load().cases[name])
    let plan = reference.plan
    #expect(isClose(plan.weightDecay, reference.weightDecayByGroup.weight))

    let recorded = reference.perIterationFirstFourEpochs
    for iteration in recorded.lrWeight.indices {
      let groups = plan.groups(iteration: iteration)
      #expect(isClose(groups[.weight]?.learningRate, recorded.lrWeight[iteration]))
      #expect(isClose(groups[.normalization]?.learningRate, recorded.lrBn[iteration]))
      #expect(isClose(groups[.bias]?.learningRate, recorded.lrBias[iteration]))
      #expect(isClose(groups[.weight]?.momentum, recorded.momentum[iteration]))
      #expect(groups[.normalization]?.decay == 0 && groups[.bias]?.decay == 0)
      #expect(plan.accumulation(iteration: iteration) == recorded.accumulate[iteration])
    }
    for (epoch, rates) in reference.lrPerEpochAtEnd.enumerated() {
      let groups = plan.groups(iteration: (epoch + 1) * reference.batchesPerEpoch - 1)
      #expect(isClose(groups[.weight]?.learningRate, rates.weight))
      #expect(isClose(groups[.bias]?.learningRate, rates.bias))
    }

    var steps: [Int] = []
    var last = -1
    for iteration in 0..<reference.iterations
    where iteration - last >= plan.accumulation(iteration: iteration) {
      steps.append(iteration)
      last = iteration
    }
    #expect(steps.count == reference.optimizerStepsTotal)
    #expect(steps.last == reference.lastOptimizerStepIteration)
    #expect(
      steps.filter { $0 < 4 * reference.batchesPerEpoch }
        == reference.optimizerStepIterationsFirstFourEpochs)
  }

  @Test func `has no warm-up in a run of one epoch`() {
    let options = OptimizationOptions()
    let plan = StepPlan(
      options, choice: OptimizerChoice(options, images: 32, batch: 16, epochs: 1, classes: 1),
      schedule: LinearSchedule(finalFactor: 0.01), epochs: 1, batch: 16, batchesPerEpoch: 2)
    #expect(plan.warmupIterations == 0)
    #expect(plan.accumulation(iteration: 0) == 2)
    #expect(plan.groups(iteration: 0)[.weight]?.learningRate == plan.choice.learningRate)
  }

  private func isClose(_ value: Double?, _ expected: Double) -> Bool {
    guard let value else { return false }
    return abs(value - expected) <= 1e-12 * abs(expected)
  }
}

@Suite struct `The automatic choice of an optimiser` {
  @Test func `is AdamW for short runs, slower for more classes`() {
    let one = OptimizerChoice(OptimizationOptions(), images: 5000, batch: 16, epochs: 100, classes: 1)
    #expect(one.name == "adamw" && one.learningRate == 0.002 && one.momentum == 0.9)
    #expect(one.warmupBiasLR == 0 && one.isAutomatic)
    let many = OptimizerChoice(OptimizationOptions(), images: 5000, batch: 16, epochs: 100, classes: 80)
    #expect(many.learningRate == 0.000119)
  }

  @Test func `is SGD above ten thousand steps of at least the nominal batch`() {
    // ⌈6401 / 64⌉ = 101 steps an epoch.
    let short = OptimizerChoice(OptimizationOptions(), images: 6401, batch: 16, epochs: 99, classes: 1)
    let long = OptimizerChoice(OptimizationOptions(), images: 6401, batch: 16, epochs: 100, classes: 1)
    #expect(short.name == "adamw")
    #expect(long.name == "sgd" && long.learningRate == 0.01 && long.momentum == 0.9)
    #expect(
      long.summary
        == "optimizer=auto chose sgd(lr=0.01, momentum=0.9); lr0 is not used")
  }

  @Test(arguments: [(3.0, 0.937), (0, 0.9)])
  func `lets warm-up move SGD's momentum to the setting`(warmup: Double, momentum: Double) throws {
    var options = OptimizationOptions()
    options.warmupEpochs = warmup
    let choice = OptimizerChoice(options, images: 6401, batch: 64, epochs: 100, classes: 1)
    let registry = try Registry.standard()
    let schedule = try registry.schedules.make(
      ComponentSpec(name: "linear"), in: ScheduleContext(finalFactor: 0.01))
    let plan = StepPlan(
      options, choice: choice, schedule: schedule, epochs: 100, batch: 64, batchesPerEpoch: 101)
    #expect(plan.initialGroups[.weight]?.momentum == 0.9)
    #expect(plan.groups(iteration: 304)[.weight]?.momentum == momentum)
    #expect(plan.groups(iteration: 5000)[.bias]?.momentum == momentum)
  }

  @Test func `leaves a named optimiser alone`() {
    var options = OptimizationOptions()
    options.optimizer = "SGD"
    let choice = OptimizerChoice(options, images: 10, batch: 2, epochs: 3, classes: 1)
    #expect(choice.name == "SGD" && choice.learningRate == 0.01 && choice.momentum == 0.937)
    #expect(choice.warmupBiasLR == 0.1 && !choice.isAutomatic)
  }
}

@Suite struct `Early stopping` {
  @Test func `waits as long as patience says after the best epoch`() {
    var stopping = EarlyStopping(patience: 2)
    let stops = [0, 0, 0, 0.5, 0.5, nil, 0.4].enumerated().map { index, fitness in
      stopping.shouldStop(fitness: fitness, epoch: index + 1)
    }
    #expect(stops == [false, false, false, false, false, false, true])
    #expect(stopping.bestEpoch == 4)
  }

  @Test func `never stops with a patience of 0`() {
    var stopping = EarlyStopping(patience: 0)
    for epoch in 1...500 {
      let stops = stopping.shouldStop(fitness: 1 / Double(epoch), epoch: epoch)
      #expect(!stops)
    }
  }
}

/// Values in force in the reference's training loop.
private struct ScheduleFixture: Decodable {
  struct Case: Decodable {
    struct Decay: Decodable { let weight: Double }
    struct Iterations: Decodable {
      let lrWeight: [Double]
      let lrBn: [Double]
      let lrBias: [Double]
      let momentum: [Double]
      let accumulate: [Int]
    }
    struct Rates: Decodable {
      let weight: Double
      let bias: Double
    }
    let epochs: Int
    let batch: Int
    let cosLr: Bool
    let batchesPerEpoch: Int
    let iterations: Int
    let weightDecayByGroup: Decay
    let perIterationFirstFourEpochs: Iterations
    let optimizerStepIterationsFirstFourEpochs: [Int]
    let optimizerStepsTotal: Int
    let lastOptimizerStepIteration: Int
    let lrPerEpochAtEnd: [Rates]

    var plan: StepPlan {
      var options = OptimizationOptions()
      options.optimizer = "sgd"
      let schedule: any Schedule =
        cosLr ? CosineSchedule(finalFactor: options.lrf) : LinearSchedule(finalFactor: options.lrf)
      return StepPlan(
        options,
        choice: OptimizerChoice(
          options, images: batch * batchesPerEpoch, batch: batch, epochs: epochs, classes: 1),
        schedule: schedule, epochs: epochs, batch: batch, batchesPerEpoch: batchesPerEpoch)
    }
  }

  let cases: [String: Case]

  static func load() throws -> ScheduleFixture {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(ScheduleFixture.self, from: Fixtures.data("training/schedule.json"))
  }
}
