/// Every setting of a run, with the defaults of the field.
///
/// Names in files and on the command line are the coding keys: those that users of YOLO tools know.
/// `validate()` finds what cannot work; nothing here touches files or the registry.
public struct TrainingOptions: Codable, Sendable, Equatable {
  public var run = RunOptions()
  public var schedule = ScheduleOptions()
  public var optimization = OptimizationOptions()
  public var augmentation = AugmentationOptions()
  public var evaluation = EvaluationOptions()
  public var execution = ExecutionOptions()

  public init() {}
}

/// Where a run is kept and what is kept of it.
public struct RunOptions: Codable, Sendable, Equatable {
  /// The folder of runs.
  public var project = "runs/pose"
  public var name = "train"
  /// Use the folder of that name if there is one; otherwise the name gets a number.
  public var existOK = false
  /// Continue the run of this folder or `last.safetensors`; nil begins a new one.
  public var resume: String?
  /// Write checkpoints.
  public var save = true
  /// Keep a checkpoint every so many epochs; -1 keeps the last and the best alone.
  public var savePeriod = -1
  /// Validate after every epoch; the last one is validated anyway.
  public var validate = true
  /// Draw pictures and curves.
  public var plots = true

  public init() {}

  enum CodingKeys: String, CodingKey {
    case project, name, resume, save, plots
    case existOK = "exist_ok"
    case savePeriod = "save_period"
    case validate = "val"
  }
}

/// How long and on what is trained.
public struct ScheduleOptions: Codable, Sendable, Equatable {
  public var epochs = 100
  /// Hours after which training ends, whatever `epochs` says; nil for no limit.
  public var time: Double?
  /// Epochs without a better fitness after which training stops; 0 never stops.
  public var patience = 100
  /// Images a batch.
  public var batch = 16
  /// Side of the square that the network sees, in pixels; rounded up to a multiple of the largest stride.
  public var imgsz = 640
  /// Epoch after which training pauses with a checkpoint, to be resumed; nil goes on to the end.
  public var pauseAfter: Int?
  /// Part of the training images that is used.
  public var fraction = 1.0
  public var seed: UInt64 = 0
  /// Augmentations that join pictures are off for this many last epochs.
  public var closeMosaic = 10
  /// Which parts of the model stay as they are.
  public var freeze = FreezeOptions.none
  /// Load the numbers of these weights before training: a safetensors file.
  public var pretrained: String?
  /// Treat all classes as one.
  public var singleClass = false
  /// Leave out label rows that cannot be right, instead of refusing the data set.
  public var skipBad = false
  /// Numbers of the classes whose objects count; nil for all.
  public var classes: [Int]?
  /// Images with classes in a smaller share of the images than this come more often; nil for none.
  public var repeatRare: Double?
  /// Images in which objects stand close come more often, up to 1 + this times; nil for none.
  public var repeatCrowded: Double?

  public init() {}

  enum CodingKeys: String, CodingKey {
    case epochs, time, patience, batch, imgsz, fraction, seed, freeze, pretrained, classes
    case pauseAfter = "pause_after"
    case closeMosaic = "close_mosaic"
    case singleClass = "single_cls"
    case skipBad = "skip_bad"
    case repeatRare = "repeat_rare"
    case repeatCrowded = "repeat_crowded"
  }
}
