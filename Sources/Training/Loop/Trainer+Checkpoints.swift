internal import FileSystem
internal import Imaging
internal import Interchange
internal import Layers
internal import PoseCore

extension Trainer {
  /// Goes on where a checkpoint of this run was written. To be called before `run()`.
  ///
  /// - Throws: `CheckpointError`, `SafetensorsError`, or `RunError.alreadyFinished`; nothing has changed then.
  public func resume(from path: String) throws {
    let checkpoint = try Checkpoint(path)
    let found = try checkpoint.loopState()
    let isExtended = found.ending == TrainingOutcome.Ending.completed.rawValue && found.epoch < plan.epochs
    if found.isComplete && !isExtended && directory.isFinished {
      throw RunError.alreadyFinished(directory.path, epochs: found.epoch)
    }
    guard found.batch <= plan.batchesPerEpoch else {
      throw CheckpointError.badTrainingState(
        path: path, reason: "\(found.batch) batches of an epoch are done that has \(plan.batchesPerEpoch)")
    }
    let patience = state.stopping.patience
    state = try checkpoint.restore(store: network.store, average: average, optimizer: optimizer)
    state.stopping.patience = patience
    resumptionWarnings = state.identity?.differences(from: identity) ?? []
    if isExtended { state.isComplete = false }
  }

  /// What an epoch leaves, in an order in which a kill at any instant loses nothing: `last`, from which a run is
  /// resumed, comes after all that it implies.
  func writeEpoch(isBest: Bool, isLast: Bool) throws {
    try finishFirstCheckpoint()
    let writer = CheckpointWriter(description, store: network.store)
    let period = options.run.savePeriod
    if options.run.save ? isBest : isLast {
      try writer.writeWeights(average, to: directory.bestCheckpoint, extra: ["epoch": String(state.epoch)])
      try report(.checkpoint(path: directory.bestCheckpoint, isBest: true))
    }
    if options.run.save && period > 0 && state.epoch.isMultiple(of: period) {
      try writer.writeWeights(
        average, to: directory.checkpoint(epoch: state.epoch), extra: ["epoch": String(state.epoch)])
    }
    let table = ResultsTable(state.history)
    try directory.write(table.csv, to: "results.csv")
    try directory.write(table.jsonLines, to: "metrics.jsonl")
    if options.run.save || isLast { try writeLast() }
  }

  /// Begins to write the checkpoint of a run that has done nothing yet, so that a run which is killed in its first epoch can
  /// be resumed like any other. Until `finishFirstCheckpoint()` the average must stay as it is.
  func beginFirstCheckpoint() throws {
    let writer = try CheckpointWriter(description, store: network.store).beginning(
      average, optimizer: optimizer, state: state)
    let path = directory.lastCheckpoint
    firstCheckpoint = BackgroundWork(named: "poselab checkpoint") { try writer.write(to: path) }
  }

  /// Waits for the checkpoint of the beginning, if one is being written: no step is made, and nothing else written, before
  /// it is on disk.
  func finishFirstCheckpoint() throws {
    guard let work = firstCheckpoint else { return }
    firstCheckpoint = nil
    try work.wait()
    try report(.checkpoint(path: directory.lastCheckpoint, isBest: false))
  }

  func writeLast() throws {
    try finishFirstCheckpoint()
    let iteration = state.epoch * plan.batchesPerEpoch + state.batch
    try CheckpointWriter(description, store: network.store).write(
      average, optimizer: optimizer, state: state, holdsGradients: state.lastStep != iteration - 1,
      to: directory.lastCheckpoint)
    try report(.checkpoint(path: directory.lastCheckpoint, isBest: false))
  }

  /// The run's own error if the system refused to write for lack of space.
  func diskFullError(_ error: any Error) -> RunError? {
    let fault: FileError?
    switch error {
    case let error as FileError: fault = error
    case let error as SafetensorsError:
      if case .file(let file) = error.problem { fault = file } else { fault = nil }
    case let error as ImageError:
      if case .file(let file) = error.reason { fault = file } else { fault = nil }
    default: fault = nil
    }
    guard let fault, fault.isDiskFull else { return nil }
    let last = directory.lastCheckpoint
    return .diskFull(path: fault.path, lastCheckpoint: (try? Checkpoint(last)) == nil ? nil : last)
  }
}
