public import Config
public import PoseCore

/// Everything an experiment says: one training with its validation, or a validation or prediction alone.
///
/// ```yaml
/// model: yolo11n-pose.yaml
/// data: coco-pose.yaml
/// train: { epochs: 100, imgsz: 640, batch: 16 }
/// augment: { mosaic: 1.0, fliplr: 0.5 }
/// loss: { type: yolo_pose, pose: 12 }
/// metrics: [yolo_map, coco_keypoints]
/// val: { iou: 0.7 }
/// log: { project: runs/pose, name: first, loggers: [tensorboard] }
/// ```
///
/// `extends` names a file to begin with. The table `Setting.all` states what stands where.
public struct ExperimentSpec: Sendable {
  /// The model: a name or path, or a mapping laid over the file under its `extends`. Nil where nothing is said.
  public var model: Node?
  public var data: DataReference?
  public var options = TrainingOptions()
  /// What `predict` does.
  public var prediction = EvaluationOptions()
  /// The augmentations in order; nil for the standard ones, as strong as `options.augmentation` says.
  public var augmentations: [ComponentSpec]?
  public var loss = RunSpec.standardLoss
  public var metrics = RunSpec.standardMetrics
  /// Where a training is logged besides its folder.
  public var loggers = LoggerList()

  /// Where values were written, by dotted path; what is missing here is a default or was set by code.
  public internal(set) var origins: [String: SourceLocation] = [:]
  /// Remarks about the spec that are no faults.
  public internal(set) var notes: [Diagnostic] = []

  public init() {}

  static let defaults = ExperimentSpec()
}
