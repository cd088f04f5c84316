/// What happens in a run, as observers see it.
public enum TrainingEvent: Sendable {
  case started(RunSummary)
  /// Something the user should know.
  case note(String)
  /// Something the user should look at.
  case warning(String)
  case epochStarted(epoch: Int, batches: Int)
  case batch(BatchProgress)
  case validationStarted(images: Int)
  case validationProgress(images: Int, of: Int)
  case validated(ValidationReport)
  case epochFinished(EpochRecord)
  case checkpoint(path: String, isBest: Bool)
  /// A picture or a figure lies in the run's folder.
  case picture(path: String)
  case finished(TrainingOutcome)
}

/// Someone who wants to know what happens in a run: a progress line, a log file.
public protocol TrainingObserver: AnyObject {
  func handle(_ event: TrainingEvent) throws
}

/// What a run is about to do.
public struct RunSummary: Sendable {
  public var directory: String
  public var model: String
  public var parameters: Int
  public var engine: String
  public var threads: Int
  public var epochs: Int
  public var batch: Int
  public var imageSize: Int
  public var trainImages: Int
  public var validationImages: Int
  public var optimizer: String
  /// Names of the loss's items.
  public var lossItems: [String]
  /// Where a resumed run goes on: epoch counted from 1, batches of it that are done.
  public var resumedAt: (epoch: Int, batch: Int)?

  public init(
    directory: String, model: String, parameters: Int, engine: String, threads: Int, epochs: Int, batch: Int,
    imageSize: Int, trainImages: Int, validationImages: Int, optimizer: String, lossItems: [String],
    resumedAt: (epoch: Int, batch: Int)? = nil
  ) {
    self.directory = directory
    self.model = model
    self.parameters = parameters
    self.engine = engine
    self.threads = threads
    self.epochs = epochs
    self.batch = batch
    self.imageSize = imageSize
    self.trainImages = trainImages
    self.validationImages = validationImages
    self.optimizer = optimizer
    self.lossItems = lossItems
    self.resumedAt = resumedAt
  }
}

/// After one batch.
public struct BatchProgress: Sendable {
  /// Counted from 1.
  public var epoch: Int
  public var epochs: Int
  /// Batches of the epoch that are done.
  public var batch: Int
  public var batches: Int
  /// Means over the epoch so far.
  public var losses: [EpochRecord.Figure]
  /// Labelled objects in this batch.
  public var instances: Int
  public var imageSize: Int
  public var imagesPerSecond: Double
  /// Of this epoch, in seconds.
  public var timeLeft: Double

  public init(
    epoch: Int, epochs: Int, batch: Int, batches: Int, losses: [EpochRecord.Figure], instances: Int,
    imageSize: Int, imagesPerSecond: Double, timeLeft: Double
  ) {
    self.epoch = epoch
    self.epochs = epochs
    self.batch = batch
    self.batches = batches
    self.losses = losses
    self.instances = instances
    self.imageSize = imageSize
    self.imagesPerSecond = imagesPerSecond
    self.timeLeft = timeLeft
  }
}

/// How a run ended.
public struct TrainingOutcome: Sendable {
  public enum Ending: String, Sendable {
    case completed
    /// No better fitness for as many epochs as patience allows.
    case stoppedEarly
    /// The time that was given is over.
    case timeIsUp
    /// Asked to stop; `resume` continues.
    case interrupted
    /// The epoch after which it was to pause is done; `resume` continues.
    case paused

    /// Whether there is something left for `resume` to do.
    public var isResumable: Bool { self == .interrupted || self == .paused }
  }

  public var ending: Ending
  public var directory: String
  /// Epochs that are done.
  public var epochs: Int
  public var seconds: Double
  public var bestEpoch: Int?
  public var bestFitness: Double?
  /// The validation of the best weights; nil if interrupted.
  public var report: ValidationReport?
  public var history: [EpochRecord]
  /// Most memory that tensors took at once, in bytes.
  public var peakTensorBytes: Int

  public init(
    ending: Ending, directory: String, epochs: Int, seconds: Double, bestEpoch: Int?, bestFitness: Double?,
    report: ValidationReport?, history: [EpochRecord], peakTensorBytes: Int
  ) {
    self.ending = ending
    self.directory = directory
    self.epochs = epochs
    self.seconds = seconds
    self.bestEpoch = bestEpoch
    self.bestFitness = bestFitness
    self.report = report
    self.history = history
    self.peakTensorBytes = peakTensorBytes
  }
}
