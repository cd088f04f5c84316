internal import Config
public import Imaging
public import PoseCore
public import Training

/// Loads a model: the few-lines way into PoseLab.
///
/// ```swift
/// import PoseLab
///
/// let model = try PoseLab.load("yolo11n-pose.yaml")
/// try model.train(data: "people/data.yaml", epochs: 20, imgsz: 256)
/// let report = try model.validate(data: "people/data.yaml")
/// let people = try model.predict(["photo.jpg"])
/// ```
///
/// - Parameters:
///   - name: the name or path of a model's YAML, or a safetensors or PyTorch file of weights.
///   - registry: what the model's file can name; nil takes all that PoseLab brings.
/// - Throws: every fault of the model's file, or why the weights cannot be used.
public func load(_ name: String, registry: Registry? = nil) throws -> PoseEstimator {
  try PoseEstimator(name, registry: registry)
}

/// A pose model that can be trained, measured and used.
///
/// Not for use from several threads: it owns its network.
public final class PoseEstimator {
  /// What one picture shows.
  public struct Prediction: Sendable {
    public var path: String
    /// Of the upright picture, in pixels.
    public var width: Int
    public var height: Int
    /// In pixels of the upright picture, best first.
    public var detections: [Detection]
  }

  public let registry: Registry
  /// The model's description, and its weights once there are some.
  public private(set) var source: ModelSource
  private var predictor: (settings: PredictionSettings, predictor: Predictor)?

  private struct PredictionSettings: Equatable {
    var conf: Double
    var imgsz: Int?
  }

  /// See `load`.
  public init(_ name: String, registry: Registry? = nil) throws {
    self.registry = try registry ?? Registry.standard()
    source = try ModelSource(Node(.string(name)))
    // Found now rather than before the first epoch.
    var spec = source.spec
    if spec.classCount == nil || spec.keypointShape == nil {
      _ = spec.adapt(to: .cocoPerson, classCount: spec.classCount ?? 1)
    }
    _ = try PoseModel(spec, registry: self.registry)
  }

  /// Whether it has been trained, or was loaded from weights.
  public var hasWeights: Bool { source.weights != nil }

  /// Trains, and takes the best weights.
  ///
  /// - Parameters:
  ///   - data: a dataset YAML, by path or by the name of one that PoseLab brings.
  ///   - imgsz: side of the square that the network sees, in pixels.
  ///   - change: sets anything else of the experiment.
  /// - Returns: how the run ended; its `directory` keeps everything.
  /// - Throws: what is wrong with data or settings, before anything is written; and `RunError`.
  @discardableResult
  public func train(
    data: String, epochs: Int = 100, imgsz: Int = 640, observers: [any TrainingObserver] = [],
    cancellation: CancellationFlag = CancellationFlag(), change: (inout ExperimentSpec) -> Void = { _ in }
  ) throws -> TrainingOutcome {
    var spec = ExperimentSpec()
    spec.options.schedule.epochs = epochs
    spec.options.schedule.imgsz = imgsz
    let outcome = try experiment(.train, data, spec, change).training()
      .trainer(observers: observers, cancellation: cancellation).run()
    if !outcome.ending.isResumable {
      source = try ModelSource(Node(.string(outcome.directory + "/weights/best.safetensors")))
      predictor = nil
    }
    return outcome
  }

  /// Measures the model on a data set. Nothing is written.
  ///
  /// - Parameters:
  ///   - split: `train`, `val` or `test`.
  ///   - imgsz: in pixels; nil takes that of the training.
  public func validate(
    data: String, split: String = "val", imgsz: Int? = nil, change: (inout ExperimentSpec) -> Void = { _ in }
  ) throws -> ValidationReport {
    var spec = ExperimentSpec()
    spec.options.evaluation.split = split
    var experiment = experiment(.val, data, spec, change)
    experiment.imageSize = imgsz
    guard let report = try experiment.validation().run() else { throw CancellationError() }
    return report
  }

  /// Finds people in picture files: paths, folders or patterns.
  ///
  /// - Parameters:
  ///   - conf: least score.
  ///   - imgsz: in pixels; nil takes that of the training.
  /// - Throws: `PredictionSource.Fault`; `ImageError` for a picture that cannot be read.
  public func predict(
    _ sources: [String], conf: Double = 0.25, imgsz: Int? = nil
  ) throws -> [Prediction] {
    try PredictionSource.resolve(sources).map { path in
      let image = try Image(contentsOf: path)
      return Prediction(
        path: path, width: image.width, height: image.height,
        detections: try predict(image, conf: conf, imgsz: imgsz))
    }
  }

  /// Finds people in a picture.
  ///
  /// - Returns: in its pixels, best first.
  public func predict(_ image: Image, conf: Double = 0.25, imgsz: Int? = nil) throws -> [Detection] {
    let settings = PredictionSettings(conf: conf, imgsz: imgsz)
    if predictor?.settings != settings {
      var spec = ExperimentSpec()
      spec.prediction.conf = conf
      var experiment = experiment(.predict, nil, spec) { _ in }
      experiment.imageSize = imgsz
      predictor = (settings, try experiment.prediction().predictor)
    }
    return try predictor?.predictor(image) ?? []
  }

  private func experiment(
    _ mode: Setting.Mode, _ data: String?, _ spec: ExperimentSpec, _ change: (inout ExperimentSpec) -> Void
  ) -> Experiment {
    var spec = spec
    spec.data = data.map { .file($0) }
    change(&spec)
    var experiment = Experiment(spec, for: mode, registry: registry)
    experiment.source = source
    return experiment
  }
}
