internal import Data
internal import Layers
internal import PoseCore

extension Trainer {
  /// Validates, keeps the books and writes checkpoints after the last batch of an epoch.
  ///
  /// - Returns: false if asked to stop before it was done; a resumed run begins here again.
  func finishEpoch() throws -> Bool {
    let timeIsUp = isTimeUp
    let isLast = state.epoch + 1 >= plan.epochs || timeIsUp
    var found: ValidationReport?
    if options.run.validate || isLast {
      found = try average.whileApplied { try validate() }
      if found == nil { return false }
    }
    noteTime()
    try reportFailures()

    // Of equal epochs the later one, which has seen more, is kept.
    let fitness = found.map { $0.fitness ?? -$0.losses.reduce(0) { $0 + $1.value } }
    let isBest =
      fitness.map { fitness in state.bestFitness.map { fitness >= $0 || $0.isNaN } ?? true } ?? false
    if isBest {
      state.bestFitness = fitness
      state.bestEpoch = state.epoch + 1
    }
    let record = record(found, fitness: fitness, isBest: isBest)
    let stopsEarly = state.stopping.shouldStop(fitness: fitness, epoch: record.epoch)
    state.history.append(record)
    state.epoch += 1
    state.batch = 0
    state.lossSums = []
    state.epochSeconds = 0
    if timeIsUp {
      complete(.timeIsUp)
    } else if isLast {
      complete(.completed)
    } else if stopsEarly {
      complete(.stoppedEarly)
    }
    if let found { try report(.validated(found)) }
    try report(.epochFinished(record))
    try writeEpoch(isBest: isBest, isLast: state.isComplete)
    freedMemory.giveBack()
    return true
  }

  /// Images that turned out unreadable since the last report.
  private func reportFailures() throws {
    for failure in data.failures + validationData.failures {
      let text = failure.description
      if reportedFailures.insert(text).inserted { try report(.warning("left out: \(text)")) }
    }
  }

  private func complete(_ ending: TrainingOutcome.Ending) {
    state.isComplete = true
    state.ending = ending.rawValue
  }

  private func record(_ found: ValidationReport?, fitness: Double?, isBest: Bool) -> EpochRecord {
    let last = state.epoch * plan.batchesPerEpoch + max(0, state.batch - 1)
    let groups = plan.groups(iteration: last)
    let rates = Parameter.Role.allCases.enumerated().map { index, role in
      EpochRecord.Figure("pg\(index)", groups[role]?.learningRate ?? 0)
    }
    let images = min(state.batch * options.schedule.batch, data.index.count)
    return EpochRecord(
      epoch: state.epoch + 1, seconds: state.seconds, trainLosses: meanLosses,
      metrics: found?.loggedFigures ?? [], validationLosses: found?.losses ?? [], learningRates: rates,
      fitness: fitness, imagesPerSecond: Double(images) / max(state.epochSeconds, 1e-9), isBest: isBest)
  }

  /// - Returns: nil if asked to stop.
  private func validate(handle: Validator.ImageHandler = { _ in }) throws -> ValidationReport? {
    let total = validationData.index.count
    try report(.validationStarted(images: total))
    network.store.device.pool.trim()
    defer { network.store.device.pool.trim() }
    return try validator.run(
      validationData, cancellation: cancellation,
      progress: { try report(.validationProgress(images: $0, of: total)) }, handle: handle)
  }

  /// Validates the best weights, with pictures, `image_scores.jsonl` and, if asked for, the files of
  /// `DetectionFiles`.
  ///
  /// - Returns: nil if asked to stop.
  func validateBest() throws -> ValidationReport? {
    let weights = try Checkpoint(directory.bestCheckpoint).weights(for: network.store)
    weights.withUnsafeBufferPointer { network.store.values.copyFromHost($0) }
    network.store.markChanged()
    var pictures = ValidationPictures(description: description)
    let isDrawing = options.run.plots
    var paths: [Int: String] = [:]
    let files = try DetectionFiles(
      directory, options: options.evaluation, index: validationData.index, name: modelName)
    let found = try validate { image in
      if isDrawing { pictures.add(image) }
      paths[image.evaluated.imageID] = image.path
      try files.add(image)
    }
    guard let found else { return nil }
    try files.finish()
    for note in files.notes { try report(.note(note)) }
    if let metric = validator.metrics.lazy.compactMap({ $0 as? any PerImageMetric }).first {
      let table = ImageScoreTable(metric, paths: paths)
      try directory.write(try table.text, to: ImageScoreTable.fileName)
    }
    try report(.validated(found))
    if isDrawing { try drawResults(found, pictures) }
    return found
  }
}
