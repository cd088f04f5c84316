public import Config
internal import Data
internal import Foundation
internal import Interchange
public import PoseCore
internal import Tensor
public import Training

/// An experiment that can be carried out: a spec, and the registry its names are resolved in.
public struct Experiment: Sendable {
  public var spec: ExperimentSpec
  public let registry: Registry
  public let mode: Setting.Mode
  public var shippedSpecs = ShippedSpecs()
  /// A model that is at hand already, instead of the one that the spec names.
  public var source: ModelSource?
  /// For validation and prediction; nil takes that of the spec where it says one, else that of the model's training.
  public var imageSize: Int?

  public init(_ spec: ExperimentSpec, for mode: Setting.Mode, registry: Registry) {
    self.spec = spec
    self.mode = mode
    self.registry = registry
    // Each kind of run has a folder of its own.
    if spec.origins["log.name"] == nil, spec.options.run.name == RunOptions().name {
      self.spec.options.run.name = mode.rawValue
    }
  }

  /// Reads an experiment.
  ///
  /// - Parameters:
  ///   - file: the spec; nil begins with the defaults, or with the run that `resume` names.
  ///   - overrides: flat names or dotted paths, laid over the file.
  /// - Throws: `DiagnosticList` with every fault.
  public init(
    file: String?, overriding overrides: [Override] = [], for mode: Setting.Mode, registry: Registry
  ) throws {
    let resumed = overrides.last { $0.path == ["resume"] || $0.path == ["train", "resume"] }
    var file = file
    if file == nil, case .string(let run)? = resumed?.value.value {
      let folder = RunDirectory.folder(of: run)
      file = folder + "/experiment.yaml"
      if !FileManager.default.fileExists(atPath: folder + "/experiment.yaml") {
        throw RunError.nothingToResume(folder)
      }
    }
    let (spec, faults) = ExperimentSpec.read(
      file: try file.map { try Self.existing($0) }, overriding: overrides, for: mode, registry: registry)
    self.init(spec, for: mode, registry: registry)
    if faults.hasErrors {
      // What is wrong with the files that it names is told in the same run.
      var all = faults
      collectFileFaults(into: &all)
      throw all
    }
  }

  /// The path of a spec that is there.
  private static func existing(_ file: String) throws -> String {
    if FileManager.default.fileExists(atPath: file) { return file }
    let specs = ShippedSpecs()
    let name = (file as NSString).lastPathComponent
    let shipped = specs.experiments.first { ($0 as NSString).lastPathComponent == name }
    guard let path = shipped else { return file }
    throw Diagnostic(
      .error, "cannot read '\(file)': No such file or directory; did you mean '\(path)'?")
  }

  /// The model that the spec names.
  public func model() throws -> ModelSource {
    if let source { return source }
    guard let node = spec.model else { throw Diagnostic(.error, "no model is given; set model=…") }
    return try ModelSource(node, specs: shippedSpecs)
  }

  /// Builds all that the training needs; nothing has been written, no image decoded.
  ///
  /// - Parameter note: gets what was done on the way, for the user.
  /// - Throws: everything that can be wrong before a training begins.
  public func training(note: (String) -> Void = { _ in }) throws -> TrainingAssembly {
    guard let reference = spec.data else { throw Diagnostic(.error, "no data set is given; set data=…") }
    try check()
    let source = try model()
    _ = try ExportedGraph.deviceForLayers(
      spec.options.execution, registry, at: spec.origins["train.engine"])
    let data = try reference.resolve(at: spec.origins["data"], specs: shippedSpecs, note: note)
    var options = spec.options
    // A model that is given as weights begins with them.
    if options.schedule.pretrained == nil, options.run.resume == nil {
      options.schedule.pretrained = source.weights
    }
    var written = spec
    if written.model == nil { written.model = Node(.string(source.weights ?? source.name)) }
    let classCount = options.schedule.singleClass ? 1 : data.classNames.count
    let mixed = try reference.resolveOthers(at: spec.origins["data"], specs: shippedSpecs, note: note)
    var run = RunSpec(
      modelName: source.name, model: source.spec,
      modelText: source.text(skeleton: data.skeleton, classCount: classCount), data: data,
      options: options, augmentations: spec.augmentations, loss: spec.loss, metrics: spec.metrics,
      loggers: spec.loggers.components, resolvedText: YAMLWriter().text(written.resolved(registry)))
    (run.dataWeight, run.others) = (mixed.weight, mixed.others)
    return try TrainingAssembly(run, registry: registry)
  }

  /// Loads the model and opens the data set to measure it on.
  public func validation(note: (String) -> Void = { _ in }) throws -> ValidationRun {
    guard let reference = spec.data else { throw Diagnostic(.error, "no data set is given; set data=…") }
    let data = try reference.resolve(at: spec.origins["data"], specs: shippedSpecs, note: note)
    let loaded = try LoadedModel(self, skeleton: data.skeleton, classNames: data.classNames)
    return try ValidationRun(
      network: loaded.network, description: loaded.description, data: data, options: spec.options,
      imageSize: imageSize(loaded), metrics: spec.metrics, registry: registry,
      modelName: submissionName)
  }

  /// What COCO's server is to call the model: its name, or for a checkpoint of a run that run's.
  private var submissionName: String {
    var path = source.map { $0.weights ?? $0.name } ?? "poselab"
    if source == nil, case .string(let text)? = spec.model?.value { path = text }
    let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    guard ["best", "last"].contains(stem) else { return stem }
    let run = (RunDirectory.folder(of: path) as NSString).lastPathComponent
    return run == "." || run.isEmpty ? stem : run
  }

  /// Loads the model to predict with.
  public func prediction() throws -> (predictor: Predictor, description: ModelDescription) {
    let loaded = try LoadedModel(self, skeleton: nil, classNames: nil)
    try spec.prediction.check(for: loaded.network.layout)
    let predictor = Predictor(
      network: loaded.network, decoder: .prediction(spec.prediction), imageSize: imageSize(loaded),
      sizeMultiple: loaded.network.model.sizeMultiple)
    return (predictor, loaded.description)
  }

  /// The spec's image size where it says one, else that of the model's training; a multiple of its stride.
  private func imageSize(_ loaded: LoadedModel) -> Int {
    if let size = loaded.network.model.head.inputLimits.size { return max(size.width, size.height) }
    let isGiven = spec.origins["train.imgsz"] != nil || !loaded.isDescribed
    let size = imageSize ?? (isGiven ? spec.options.schedule.imgsz : loaded.description.imageSize)
    let multiple = loaded.network.model.sizeMultiple
    return (size + multiple - 1) / multiple * multiple
  }
}
