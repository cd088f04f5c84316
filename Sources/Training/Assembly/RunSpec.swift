public import Data
public import PoseCore

/// All that a run is made of, read and checked for form: components by name, numbers, the data set's description.
public struct RunSpec: Sendable {
  /// As the user named it; for the log.
  public var modelName: String
  public var model: ModelSpec
  /// The resolved model YAML, kept in checkpoints.
  public var modelText: String
  public var data: DatasetSpec
  /// How often the images of `data` come in an epoch.
  public var dataWeight = 1.0
  /// Further data sets to train on; keypoints and classes are converted to those of `data` by their names.
  public var others: [Mixed] = []
  public var options: TrainingOptions
  /// In order; nil takes the standard ones with the strengths of `options.augmentation`.
  public var augmentations: [ComponentSpec]?
  public var loss: ComponentSpec
  /// `yolo_map` among them picks the best epoch.
  public var metrics: [ComponentSpec]
  /// Where the run is logged besides its folder.
  public var loggers: [ComponentSpec]
  /// What `experiment.yaml` of the run folder is to say: the whole run again.
  public var resolvedText: String

  /// A further data set, and how often its images come in an epoch.
  public struct Mixed: Sendable {
    public var data: DatasetSpec
    public var weight: Double

    public init(data: DatasetSpec, weight: Double) {
      self.data = data
      self.weight = weight
    }
  }

  public init(
    modelName: String, model: ModelSpec, modelText: String, data: DatasetSpec,
    options: TrainingOptions = TrainingOptions(), augmentations: [ComponentSpec]? = nil,
    loss: ComponentSpec = RunSpec.standardLoss, metrics: [ComponentSpec] = RunSpec.standardMetrics,
    loggers: [ComponentSpec] = [], resolvedText: String = ""
  ) {
    self.modelName = modelName
    self.model = model
    self.modelText = modelText
    self.data = data
    self.options = options
    self.augmentations = augmentations
    self.loss = loss
    self.metrics = metrics
    self.loggers = loggers
    self.resolvedText = resolvedText
  }

  public static let standardLoss = ComponentSpec(name: "yolo_pose")

  public static let standardMetrics = ["yolo_map", "coco_keypoints", "coco_bbox"].map {
    ComponentSpec(name: $0)
  }
}
