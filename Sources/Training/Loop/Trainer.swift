public import Data
internal import Layers
public import PoseCore
internal import Tensor

/// Trains a model: loader ► forward ► loss ► backward ► step ► average; validation, checkpoint, pictures.
///
/// Reading order: `run()`, then `Trainer+Epoch`, `Trainer+Validation`, `Trainer+Checkpoints`, `Trainer+Pictures`.
/// Everything it works with is built before; see `TrainingAssembly`. A run depends on the seed alone: the same seed gives the same
/// bits, interrupted and resumed or not.
///
/// Not for use from several threads: it owns model and optimiser.
public final class Trainer {
  public let network: PoseNetwork
  public let loss: any PoseLoss
  public let optimizer: any Optimizer
  public let plan: StepPlan
  public let data: TrainingLoader
  public let validationData: ValidationLoader
  public let validator: Validator
  public let average: ExponentialMovingAverage
  public let options: TrainingOptions
  public let directory: RunDirectory
  public let description: ModelDescription
  public let cancellation: CancellationFlag
  /// For `RunSummary`.
  public let modelName: String
  /// Told when the run begins.
  let notes: [String]
  /// Loss and augmentations as text, for comparing runs.
  let components: [String: String]
  /// What a resumed run has to say before it goes on.
  var resumptionWarnings: [String] = []
  /// Unreadable images that have been reported.
  var reportedFailures: Set<String> = []
  public internal(set) var state: LoopState
  var observers: [any TrainingObserver]
  private let log: RunLog
  let clock = ContinuousClock()
  var freedMemory = FreedMemory()
  /// Batches that are being loaded before the run has begun.
  var openStream: BatchStream?
  /// The checkpoint of the run's beginning, while it is written.
  var firstCheckpoint: BackgroundWork?
  /// When this process began the epoch at hand, and how much of it was done then.
  var epochStart: ContinuousClock.Instant
  var epochStartSeconds = 0.0

  /// - Parameters:
  ///   - validator: with a loss, if validation losses are wanted.
  ///   - components: loss and augmentations as text, for comparing runs.
  public convenience init(
    network: PoseNetwork, loss: any PoseLoss, optimizer: any Optimizer, plan: StepPlan,
    data: TrainingLoader,
    validationData: ValidationLoader, validator: Validator, options: TrainingOptions,
    directory: RunDirectory,
    description: ModelDescription, modelName: String, components: [String: String] = [:],
    notes: [String] = [],
    observers: [any TrainingObserver] = [],
    cancellation: CancellationFlag = CancellationFlag()
  ) {
    self.init(
      network: network, loss: loss, optimizer: optimizer, plan: plan, data: data,
      validationData: validationData, validator: validator, options: options, directory: directory,
      description: description, modelName: modelName, components: components, notes: notes,
      observers: observers, log: RunLog(), cancellation: cancellation)
  }

  /// - Parameter log: gets what happens, and never ends the run.
  init(
    network: PoseNetwork, loss: any PoseLoss, optimizer: any Optimizer, plan: StepPlan,
    data: TrainingLoader, validationData: ValidationLoader, validator: Validator, options: TrainingOptions,
    directory: RunDirectory, description: ModelDescription, modelName: String, components: [String: String],
    notes: [String], observers: [any TrainingObserver], log: RunLog, cancellation: CancellationFlag
  ) {
    self.log = log
    self.network = network
    self.loss = loss
    self.optimizer = optimizer
    self.plan = plan
    self.data = data
    self.validationData = validationData
    self.validator = validator
    self.options = options
    self.directory = directory
    self.description = description
    self.modelName = modelName
    self.components = components
    self.notes = notes
    self.observers = observers
    self.cancellation = cancellation
    average = ExponentialMovingAverage(network.store)
    state = LoopState(stopping: EarlyStopping(patience: options.schedule.patience))
    epochStart = clock.now
    state.identity = identity
  }

  /// What the run's numbers depend on.
  var identity: RunIdentity {
    RunIdentity(
      options: options, trainFingerprint: data.index.fingerprint,
      validationFingerprint: validationData.index.fingerprint, engine: network.store.device.engine.name,
      components: components)
  }

  /// Trains to the end, or until asked to stop.
  ///
  /// - Throws: `RunError` for a loss that is not a number and for a full disk; what data and observers throw. The
  ///   last checkpoint is whole then.
  public func run() throws -> TrainingOutcome {
    do {
      return try runToEnd()
    } catch {
      let error = diskFullError(error) ?? error
      // The run's own fault is what has to be told now.
      try? firstCheckpoint?.wait()
      _ = log.finish(.failed("\(error)"))
      throw error
    }
  }

  private func runToEnd() throws -> TrainingOutcome {
    let resumedAt = state.epoch > 0 || state.batch > 0 ? (epoch: state.epoch + 1, batch: state.batch) : nil
    for note in notes { try report(.note(note)) }
    for warning in resumptionWarnings { try report(.warning(warning)) }
    try report(.started(summary(resumedAt: resumedAt)))
    if resumedAt == nil {
      network.store.clearGradients()
      if options.run.save { try beginFirstCheckpoint() }
      try drawLabels()
    }
    while !state.isComplete {
      guard try trainEpoch(), try finishEpoch() else {
        try writeLast()
        return try finish(.interrupted, report: nil)
      }
      if !state.isComplete, let pause = options.schedule.pauseAfter, state.epoch >= pause {
        return try finish(.paused, report: nil)
      }
    }
    guard let report = try validateBest() else { return try finish(.interrupted, report: nil) }
    return try finish(
      state.ending.flatMap(TrainingOutcome.Ending.init(rawValue:)) ?? .completed, report: report)
  }

  private func finish(_ ending: TrainingOutcome.Ending, report: ValidationReport?) throws -> TrainingOutcome {
    let outcome = TrainingOutcome(
      ending: ending, directory: directory.path, epochs: state.epoch, seconds: state.seconds,
      bestEpoch: state.bestEpoch, bestFitness: state.bestFitness, report: report, history: state.history,
      peakTensorBytes: network.store.device.pool.peakBytes)
    if !ending.isResumable { try directory.write(try outcome.json, to: RunDirectory.summaryName) }
    try self.report(.finished(outcome))
    return outcome
  }

  func report(_ event: TrainingEvent) throws {
    for observer in observers { try observer.handle(event) }
    for warning in log.handle(event, epoch: state.epoch, history: state.history) {
      for observer in observers { try observer.handle(.warning(warning)) }
    }
  }

  private func summary(resumedAt: (epoch: Int, batch: Int)?) -> RunSummary {
    RunSummary(
      directory: directory.path, model: modelName, parameters: network.store.parameterCount,
      engine: network.store.device.engine.name, threads: Device.threads, epochs: plan.epochs,
      batch: options.schedule.batch, imageSize: description.imageSize, trainImages: data.index.count,
      validationImages: validationData.index.count, optimizer: plan.choice.summary, lossItems: loss.itemNames,
      resumedAt: resumedAt)
  }
}
