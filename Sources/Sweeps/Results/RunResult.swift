public import Training

/// All that is known of one run: what it was, how far it came, what it found.
public struct RunResult: Sendable, Codable, Equatable {
  /// A figure of a metric.
  public struct Figure: Sendable, Codable, Equatable {
    /// Such as `coco_keypoints`.
    public var metric: String
    /// Such as `AP50`.
    public var name: String
    public var value: Double

    public init(metric: String, name: String, value: Double) {
      self.metric = metric
      self.name = name
      self.value = value
    }
  }

  /// What the run chose on one axis of its sweep.
  public struct Choice: Sendable, Codable, Equatable {
    public var axis: String
    public var level: String

    public init(axis: String, level: String) {
      self.axis = axis
      self.level = level
    }
  }

  /// What a run costs to use.
  public struct Cost: Sendable, Codable, Equatable {
    public var parameters: Int?
    /// Billions of operations for one image at the run's image size; a multiplication with an addition counts two.
    public var gigaflops: Double?
    /// Median milliseconds of the network for one image, measured on the machine of the run.
    public var latency: Double?
    /// Seconds of training.
    public var trainingSeconds: Double?

    public init(
      parameters: Int? = nil, gigaflops: Double? = nil, latency: Double? = nil, trainingSeconds: Double? = nil
    ) {
      self.parameters = parameters
      self.gigaflops = gigaflops
      self.latency = latency
      self.trainingSeconds = trainingSeconds
    }
  }

  /// Of the resolved spec: equal specs are one run.
  public var id: String
  /// What it differs in from the baseline, without the seed: `neck=bifpn, mosaic=off`. The runs of one variant differ
  /// in the seed alone.
  public var variant: String
  public var seed: UInt64
  public var choices: [Choice]
  public var state: RunState
  /// Why it failed, or was stopped.
  public var reason: String?
  public var directory: String
  /// A shell command that repeats the run.
  public var command: String
  /// The resolved spec, YAML.
  public var spec: String
  /// The machine, versions and fingerprints, JSON; empty before the run began.
  public var environment: String
  public var cost: Cost
  /// Of the best weights; empty until the run is finished.
  public var figures: [Figure]
  public var epochs: [EpochRecord]
  /// Nil until the run is finished, or where no metric tells.
  public var images: ImageScoreTable?

  public init(
    id: String, variant: String, seed: UInt64, choices: [Choice] = [], state: RunState = .pending,
    reason: String? = nil, directory: String, command: String, spec: String, environment: String = "",
    cost: Cost = Cost(), figures: [Figure] = [], epochs: [EpochRecord] = [], images: ImageScoreTable? = nil
  ) {
    self.id = id
    self.variant = variant
    self.seed = seed
    self.choices = choices
    self.state = state
    self.reason = reason
    self.directory = directory
    self.command = command
    self.spec = spec
    self.environment = environment
    self.cost = cost
    self.figures = figures
    self.epochs = epochs
    self.images = images
  }

  /// The figure of that name, such as `coco_keypoints/AP`.
  public subscript(figure path: String) -> Double? {
    figures.first { "\($0.metric)/\($0.name)" == path }?.value
  }
}
