public import Layers
public import PoseCore

/// What is in force at each iteration: learning rates, momentum, how many batches make a step.
///
/// Iterations are counted from 0 over the whole run. Warm-up ends with, and includes, iteration
/// `warmupIterations`; it leaves the last epoch to regular training.
public struct StepPlan: Sendable {
  public let epochs: Int
  public let batchesPerEpoch: Int
  /// Last iteration of warm-up; 0 for none.
  public let warmupIterations: Int
  /// Batches a step after warm-up.
  public let accumulation: Int
  /// Decay of weights, scaled to the images that a step takes.
  public let weightDecay: Double
  public let choice: OptimizerChoice
  private let warmupMomentum: Double
  /// In force after warm-up. Of what `auto` chooses, warm-up moves SGD's momentum to the setting, as in the reference.
  private let momentum: Double
  private let schedule: any Schedule

  public init(
    _ options: OptimizationOptions, choice: OptimizerChoice, schedule: any Schedule, epochs: Int, batch: Int,
    batchesPerEpoch: Int
  ) {
    self.epochs = epochs
    self.batchesPerEpoch = batchesPerEpoch
    self.choice = choice
    self.schedule = schedule
    warmupMomentum = options.warmupMomentum
    let warmupEpochs = min(options.warmupEpochs, Double(max(epochs - 1, 0)))
    warmupIterations = Int((warmupEpochs * Double(batchesPerEpoch)).rounded(.toNearestOrEven))
    let nominal = max(1, Int((Double(options.nbs) / Double(batch)).rounded(.toNearestOrEven)))
    weightDecay = options.weightDecay * Double(batch) * Double(nominal) / Double(options.nbs)
    accumulation = min(nominal, max(1, batchesPerEpoch * epochs))
    momentum = warmupIterations > 0 ? options.momentum : choice.momentum
  }

  /// Settings of an optimiser before its first step.
  public var initialGroups: [Parameter.Role: OptimizerGroup] {
    groups(learningRate: { _ in choice.learningRate }, momentum: choice.momentum)
  }

  /// Settings that the optimiser takes at an iteration.
  public func groups(iteration: Int) -> [Parameter.Role: OptimizerGroup] {
    let length = RunLength(epochs: epochs, batchesPerEpoch: batchesPerEpoch)
    let target = choice.learningRate * schedule.factor(iteration: iteration, in: length)
    let momentum = schedule.momentum(iteration: iteration, in: length) ?? momentum
    guard isWarmup(iteration) else { return groups(learningRate: { _ in target }, momentum: momentum) }
    return groups(
      learningRate: { interpolate(iteration, from: $0 == .bias ? choice.warmupBiasLR : 0, to: target) },
      momentum: interpolate(iteration, from: warmupMomentum, to: momentum))
  }

  /// Batches that make a step at an iteration: a step is due when so many have passed since the last.
  public func accumulation(iteration: Int) -> Int {
    guard isWarmup(iteration) else { return accumulation }
    return max(
      1, Int(interpolate(iteration, from: 1, to: Double(accumulation)).rounded(.toNearestOrEven)))
  }

  private func isWarmup(_ iteration: Int) -> Bool { warmupIterations > 0 && iteration <= warmupIterations }

  private func interpolate(_ iteration: Int, from start: Double, to end: Double) -> Double {
    iteration == warmupIterations ? end : (end - start) / Double(warmupIterations) * Double(iteration) + start
  }

  private func groups(
    learningRate: (Parameter.Role) -> Double, momentum: Double
  ) -> [Parameter.Role: OptimizerGroup] {
    var groups: [Parameter.Role: OptimizerGroup] = [:]
    for role in Parameter.Role.allCases {
      groups[role] = OptimizerGroup(
        learningRate: learningRate(role), momentum: momentum, decay: role == .weight ? weightDecay : 0)
    }
    return groups
  }
}
