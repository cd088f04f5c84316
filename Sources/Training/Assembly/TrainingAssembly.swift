internal import Config
public import Data
internal import Foundation
internal import Interchange
internal import Layers
public import PoseCore
public import Tensor

/// Builds everything a run needs from its spec and the registry, so that whatever can be wrong is found before the
/// first image is decoded and before a run folder is made.
public struct TrainingAssembly {
  public let spec: RunSpec
  public let network: PoseNetwork
  public let loss: any PoseLoss
  public let optimizer: any Optimizer
  public let plan: StepPlan
  public let trainLoader: TrainingLoader
  public let validationLoader: ValidationLoader
  public let metrics: [any Metric]
  public let description: ModelDescription
  /// Fresh ones: a trainer takes them over.
  private let loggers: [(name: String, logger: any RunLogger)]
  /// Which images are measured.
  public let selection: ImageSelection
  /// What the user should know; to be shown once the run begins.
  public let notes: [String]
  /// Whether mirroring is to be looked at.
  let flipCheck: FlipCheck?
  /// What the spec says of loss and augmentations, for comparing runs.
  let components: [String: String]

  /// - Throws: `OptionError`, `Diagnostic`, `DiagnosticList`, `WeightsError`: each names what to mend.
  public init(_ spec: RunSpec, registry: Registry) throws {
    var spec = spec
    try spec.options.validate()
    var notes = spec.options.execution.notes + spec.data.warnings.map(\.description)
    let options = spec.options
    let device = try Self.device(options.execution, registry)

    // The model, as the data set wants it.
    let skeleton = spec.data.skeleton
    let classNames = options.schedule.singleClass ? ["object"] : spec.data.classNames
    notes += spec.model.adapt(to: skeleton, classCount: classNames.count)
    let model = try PoseModel(spec.model, registry: registry)
    try options.evaluation.check(for: model.layout)
    let multiple = model.sizeMultiple
    let imageSize = (options.schedule.imgsz + multiple - 1) / multiple * multiple
    if imageSize != options.schedule.imgsz {
      notes.append("imgsz \(options.schedule.imgsz) is rounded up to \(imageSize), a multiple of \(multiple)")
    }

    // Everything by name.
    loss = try registry.losses.make(
      spec.loss,
      in: LossContext(
        skeleton: skeleton, classCount: classNames.count, layout: model.layout, registry: registry))
    let flips = skeleton.flipIndices != nil
    if !flips && spec.augmentations == nil
      && (options.augmentation.fliplr > 0 || options.augmentation.flipud > 0)
    {
      notes.append("the data set gives no flip_idx, so pictures are not mirrored")
    }
    let buildContext = AugmentationBuildContext(
      imageSize: imageSize, sizeMultiple: multiple, skeleton: skeleton)
    let augmentations = try (spec.augmentations ?? options.augmentation.components(flips: flips)).map {
      try registry.augmentations.make($0, in: buildContext)
    }
    let metricContext = MetricContext(skeleton: skeleton, classNames: classNames)
    metrics = try spec.metrics.map { try registry.metrics.make($0, in: metricContext) }
    loggers = try spec.loggers.map { one in
      let (component, arguments) = try registry.loggers.resolve(one)
      return (component.name, try component.make(arguments, ()))
    }
    let schedule = try registry.schedules.make(
      options.optimization.chosenSchedule,
      in: ScheduleContext(finalFactor: options.optimization.lrf))
    if !options.optimization.choosesOptimizer {
      _ = try registry.optimizers.resolve(options.optimization.optimizer)
    }

    // Weights, before the data: they are quicker to be wrong.
    network = PoseNetwork(
      model, device: device, seed: options.schedule.seed, precision: options.execution.precision)
    if let path = options.schedule.pretrained {
      let report = try network.store.load(try WeightsFile.open(path), fit: .transfer)
      notes += report.notes(path: path)
    }
    try network.freeze(options.schedule.freeze)

    // The data: headers and labels.
    let training = try TrainingData(spec, registry: registry)
    let (validation, selection) = try Self.validationData(spec, registry: registry)
    notes += training.notes + Self.notes(validation, "val") + [selection.description]
    let batch = options.schedule.batch
    let samples = training.weights.total
    let rest = samples % batch == 0 ? batch : samples % batch
    let smallest = augmentations.lazy.compactMap(\.batchSides).first?.smallest ?? imageSize
    if rest == 1 && smallest < 2 * multiple {
      throw OptionError(
        "batch",
        "leaves a single image of \(smallest) pixels in the last batch, too little for batch normalisation;"
          + " take another batch, or imgsz of \(2 * multiple) or more")
    }
    trainLoader = TrainingLoader(
      training.index, pipeline: TrainingPipeline(augmentations, imageSize: imageSize, skeleton: skeleton),
      options: options.loader(imageSize: imageSize, batch: batch, cacheRoot: spec.data.root),
      seed: options.schedule.seed, weights: training.weights)
    validationLoader = ValidationLoader(
      validation, options: options.loader(imageSize: imageSize, batch: 2 * batch),
      rectangularStride: multiple)

    let choice = OptimizerChoice(
      options.optimization, images: samples, batch: batch, epochs: options.schedule.epochs,
      classes: classNames.count)
    plan = StepPlan(
      options.optimization, choice: choice, schedule: schedule, epochs: options.schedule.epochs, batch: batch,
      batchesPerEpoch: trainLoader.batchesPerEpoch)
    optimizer = try registry.optimizers.make(
      choice.component,
      in: OptimizerContext(store: network.store, groups: plan.initialGroups))
    description = ModelDescription(
      spec: spec.modelText, skeleton: skeleton, classNames: classNames, imageSize: imageSize)
    flipCheck = FlipCheck(spec.data, index: training.index)
    components = try Self.texts(of: spec, registry)
    self.notes = notes
    self.selection = selection
    self.spec = spec
  }

  /// Makes the run folder, or opens the one that is to be continued, begins to load its first batches, and gives the
  /// trainer.
  public func trainer(
    observers: [any TrainingObserver] = [], cancellation: CancellationFlag = CancellationFlag()
  ) throws -> Trainer {
    let run = spec.options.run
    let directory =
      if let resume = run.resume {
        try RunDirectory.resume(resume)
      } else {
        try RunDirectory.create(project: run.project, name: run.name, existOK: run.existOK)
      }
    let validator = Validator(
      network: network, loss: loss, metrics: metrics, decoder: .validation(spec.options.evaluation),
      selection: selection)
    let notes = try flipCheck?.writing(into: directory, for: notes) ?? notes
    let (model, side) = (network.model, description.imageSize)
    let log = RunLog(loggers, spec: spec.resolvedText) { LoggedGraph(model, height: side, width: side) }
    let trainer = Trainer(
      network: network, loss: loss, optimizer: optimizer, plan: plan, data: trainLoader,
      validationData: validationLoader, validator: validator, options: spec.options, directory: directory,
      description: description, modelName: spec.modelName, components: components, notes: notes,
      observers: observers, log: log, cancellation: cancellation)
    if run.resume == nil {
      trainer.beginLoading()
      if !spec.resolvedText.isEmpty { try directory.write(spec.resolvedText, to: "experiment.yaml") }
      try directory.write(try environment.json, to: "environment.json")
    } else {
      try trainer.resume(from: directory.lastCheckpoint)
      trainer.beginLoading()
    }
    return trainer
  }

  /// The loss, and the augmentations if the spec lists them, with all arguments.
  private static func texts(of spec: RunSpec, _ registry: Registry) throws -> [String: String] {
    func text(_ name: String, _ arguments: Arguments) -> String {
      let lines = YAMLWriter().text(arguments.resolved).split(separator: "\n")
      return "\(name)(\(lines.joined(separator: ", ")))"
    }
    let loss = try registry.losses.resolve(spec.loss)
    var texts = ["loss": text(loss.component.name, loss.arguments)]
    if let augmentations = spec.augmentations {
      texts["augment"] = try augmentations.map { one in
        let (component, arguments) = try registry.augmentations.resolve(one)
        return text(component.name, arguments)
      }.joined(separator: ", ")
    }
    return texts
  }

  private var environment: EnvironmentRecord {
    EnvironmentRecord(
      engine: network.store.device.engine.name, seed: spec.options.schedule.seed, dataset: spec.data.file,
      trainFingerprint: trainLoader.index.fingerprint,
      validationFingerprint: validationLoader.index.fingerprint)
  }
}

extension TrainingAssembly {
  /// The engine that the options name; `auto` is oneDNN where it is built in.
  public static func device(_ options: ExecutionOptions, _ registry: Registry) throws -> Device {
    if let threads = options.threads { Device.setThreads(threads) }
    var name = options.engine
    if name == "auto" { name = registry.engines.find("onednn") == nil ? "openblas" : "onednn" }
    return Device(engine: try registry.engines.make(ComponentSpec(name: name), in: ()))
  }
}
