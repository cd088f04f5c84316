internal import Data
internal import Layers
internal import PoseCore
internal import Tensor

extension Trainer {
  /// Trains the batches of the epoch at hand that are not done.
  ///
  /// - Returns: false if asked to stop.
  func trainEpoch() throws -> Bool {
    epochStart = clock.now
    epochStartSeconds = state.epochSeconds
    let epoch = state.epoch
    let batches = plan.batchesPerEpoch
    loss.begin(epoch: epoch, of: plan.epochs)
    guard state.batch < batches else { return !cancellation.isSet }
    try report(.epochStarted(epoch: epoch + 1, batches: batches))
    let stream = openStream ?? openBatches()
    openStream = nil
    defer { stream.cancel() }
    var imagesHere = 0
    while state.batch < batches {
      if cancellation.isSet { return false }
      guard let batch = try stream.next() else {
        throw TrainingDataError.tooFewBatches(epoch: epoch + 1, found: state.batch, expected: batches)
      }
      try train(batch, iteration: epoch * batches + state.batch)
      state.batch += 1
      imagesHere += batch.count
      noteTime()
      try reportProgress(batch, imagesHere: imagesHere)
      if isTimeUp { break }
    }
    return true
  }

  /// Begins to load the next batches, so that they are there when `run()` wants them.
  func beginLoading() {
    if state.batch < plan.batchesPerEpoch && !state.isComplete { openStream = openBatches() }
  }

  /// What is left of the epoch at hand.
  private func openBatches() -> BatchStream {
    let closing = options.schedule.closeMosaic
    let joinsImages = closing == 0 || state.epoch < plan.epochs - closing
    return data.batches(epoch: state.epoch, joiningImages: joinsImages, firstBatch: state.batch)
  }

  private func train(_ batch: Batch, iteration: Int) throws {
    optimizer.groups = plan.groups(iteration: iteration)
    let device = network.store.device
    let output = network(batch.inputs(network.precision, on: device), network.pass(.training))
    let size = (height: batch.inputSize.height, width: batch.inputSize.width)
    let value = loss(output, targets: batch.instances, imageSize: size)
    guard value.total.scalar.isFinite else { throw try notFinite("loss", batch) }
    value.total.backward()
    if state.lossSums.isEmpty { state.lossSums = [Double](repeating: 0, count: value.items.count) }
    for (index, item) in value.items.enumerated() { state.lossSums[index] += Double(item) }
    try draw(batch, iteration: iteration)
    try finishFirstCheckpoint()

    guard iteration - state.lastStep >= plan.accumulation(iteration: iteration) else { return }
    let norm = device.engine.sumOfSquares(network.store.gradients).squareRoot()
    guard norm.isFinite else { throw try notFinite("gradient", batch) }
    optimizer.step(gradientScale: Float(min(1, options.optimization.clipNorm / (norm + 1e-6))))
    network.store.clearGradients()
    average.update()
    state.lastStep = iteration
  }

  private func notFinite(_ what: String, _ batch: Batch) throws -> RunError {
    let path = directory.file("failed_batch.safetensors")
    try batch.write(to: path, names: names(of: batch))
    return RunError.notFinite(what: what, epoch: state.epoch + 1, batch: state.batch + 1, replay: path)
  }

  /// The images' file names.
  func names(of batch: Batch) -> [String] {
    batch.indices.map { data.index.paths[$0].split(separator: "/").last.map(String.init) ?? "" }
  }

  /// Means of the loss's items over the epoch so far.
  var meanLosses: [EpochRecord.Figure] {
    zip(loss.itemNames, state.lossSums).map {
      EpochRecord.Figure($0, $1 / Double(max(1, state.batch)))
    }
  }

  private func reportProgress(_ batch: Batch, imagesHere: Int) throws {
    guard !observers.isEmpty else { return }
    let seconds = (clock.now - epochStart) / .seconds(1)
    let rate = Double(imagesHere) / max(seconds, 1e-9)
    let doneHere = Double(imagesHere) / Double(max(1, options.schedule.batch))
    let left = Double(plan.batchesPerEpoch - state.batch) * seconds / max(doneHere, 1e-9)
    try report(
      .batch(
        BatchProgress(
          epoch: state.epoch + 1, epochs: plan.epochs, batch: state.batch, batches: plan.batchesPerEpoch,
          losses: meanLosses, instances: batch.instances.reduce(0) { $0 + $1.count },
          imageSize: batch.inputSize.width,
          imagesPerSecond: rate, timeLeft: left)))
  }

  /// Adds what has passed of the epoch to the run's time.
  func noteTime() {
    let seconds = epochStartSeconds + (clock.now - epochStart) / .seconds(1)
    state.seconds += seconds - state.epochSeconds
    state.epochSeconds = seconds
  }

  /// Whether the hours that were given are over.
  var isTimeUp: Bool { options.schedule.time.map { state.seconds > $0 * 3600 } ?? false }
}

/// Data that did not come as announced.
public enum TrainingDataError: Error, Sendable, Equatable, CustomStringConvertible {
  case tooFewBatches(epoch: Int, found: Int, expected: Int)

  public var description: String {
    switch self {
    case .tooFewBatches(let epoch, let found, let expected):
      "epoch \(epoch) has only \(found) batches instead of \(expected): too many images could not be read"
    }
  }
}
