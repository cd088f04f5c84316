/// What one epoch came to: a row of `results.csv`.
public struct EpochRecord: Sendable, Codable, Equatable {
  /// A figure under the name of its column.
  public struct Figure: Sendable, Codable, Equatable {
    public var name: String
    public var value: Double

    public init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// Counted from 1.
  public var epoch: Int
  /// Seconds since training began, without those of interruptions.
  public var seconds: Double
  /// Mean of each item of the loss over the epoch's batches.
  public var trainLosses: [Figure]
  /// Empty if the epoch was not validated.
  public var metrics: [Figure]
  public var validationLosses: [Figure]
  /// In force at the last batch: weights, normalisation scales, biases.
  public var learningRates: [Figure]
  /// What `best` is chosen by: box mAP50-95 + pose mAP50-95; nil if the epoch was not validated.
  public var fitness: Double?
  public var imagesPerSecond: Double
  public var isBest: Bool

  public init(
    epoch: Int, seconds: Double, trainLosses: [Figure], metrics: [Figure] = [],
    validationLosses: [Figure] = [], learningRates: [Figure], fitness: Double? = nil, imagesPerSecond: Double,
    isBest: Bool = false
  ) {
    self.epoch = epoch
    self.seconds = seconds
    self.trainLosses = trainLosses
    self.metrics = metrics
    self.validationLosses = validationLosses
    self.learningRates = learningRates
    self.fitness = fitness
    self.imagesPerSecond = imagesPerSecond
    self.isBest = isBest
  }

  /// All figures under the names of `results.csv`, in its order.
  public var columns: [Figure] {
    trainLosses.map { Figure("train/" + $0.name, $0.value) } + metrics
      + validationLosses.map { Figure("val/" + $0.name, $0.value) }
      + learningRates.map { Figure("lr/" + $0.name, $0.value) }
  }
}
