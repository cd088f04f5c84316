package import Config
internal import Data
internal import PoseCore
internal import Training

extension Experiment {
  /// Reads the model and the data set that the spec names, infers the model's shapes, and puts the loss, the
  /// augmentations and the metrics together; nothing is allocated, no picture looked at.
  ///
  /// - Throws: a `DiagnosticList` with everything that is wrong in these files.
  public func check() throws {
    var faults = DiagnosticList()
    collectFileFaults(into: &faults)
    try faults.throwErrors()
  }

  /// The same where the data need not be at hand.
  ///
  /// - Returns: remarks: a data set that is not there.
  package func checkWithoutData() throws -> [Diagnostic] {
    var faults = DiagnosticList()
    collectFileFaults(needsData: false, into: &faults)
    try faults.throwErrors()
    return faults.diagnostics
  }

  /// Adds what is wrong with the files that the spec names.
  func collectFileFaults(needsData: Bool = true, into faults: inout DiagnosticList) {
    var found = DiagnosticList()
    var data: DatasetSpec?
    if case .file? = spec.data?.main {
      data = Self.noting(&found) {
        do {
          return try spec.data?.resolve(at: spec.origins["data"], specs: shippedSpecs)
        } catch let fault as Diagnostic where !needsData {
          throw Diagnostic(.warning, fault.message, at: fault.location)
        }
      }
    }
    if let labels = data?.labels {
      _ = Self.noting(&found) { try registry.check(labels, in: registry.datasets) }
    }
    var skeleton = data?.skeleton
    var classNames = data?.classNames
    if case .synthetic(let source)? = spec.data?.main {
      skeleton = source.kind.skeleton
      classNames = [source.kind.rawValue]
    }
    if spec.options.schedule.singleClass { classNames = ["object"] }
    let isGraph = mode != .train && spec.model.map(ExportedGraph.isNamed) == true
    let named = (spec.model == nil && source == nil) || isGraph ? nil : Self.noting(&found) { try model() }
    if var model = named?.spec {
      if let skeleton, let classNames { _ = model.adapt(to: skeleton, classCount: classNames.count) }
      // Where no data set says it, any numbers do: they change no shape but the head's.
      model.classCount = model.classCount ?? 1
      model.keypointShape = model.keypointShape ?? ModelSpec.KeypointShape(count: 17, dimensions: 3)
      let adapted = model
      if let built = Self.noting(&found, { try PoseModel(adapted, registry: registry) }) {
        let skeleton = skeleton ?? Skeleton(unnamed: built.layout)
        collectPartFaults(built, skeleton, classNames ?? ["object"], into: &found)
      }
    }
    found.sort()
    for finding in found.diagnostics where !faults.diagnostics.contains(finding) { faults.append(finding) }
  }

  /// Adds what keeps the parts that are named from being built for a model.
  private func collectPartFaults(
    _ model: PoseModel, _ skeleton: Skeleton, _ classNames: [String], into faults: inout DiagnosticList
  ) {
    _ = Self.noting(&faults) {
      try registry.losses.make(
        spec.loss,
        in: LossContext(
          skeleton: skeleton, classCount: classNames.count, layout: model.layout, registry: registry))
    }
    let context = AugmentationBuildContext(
      imageSize: spec.options.schedule.imgsz, sizeMultiple: model.sizeMultiple, skeleton: skeleton)
    for augmentation in spec.augmentations ?? [] {
      _ = Self.noting(&faults) { try registry.augmentations.make(augmentation, in: context) }
    }
    for metric in spec.metrics {
      _ = Self.noting(&faults) {
        try registry.metrics.make(metric, in: MetricContext(skeleton: skeleton, classNames: classNames))
      }
    }
  }

  private static func noting<Value>(_ faults: inout DiagnosticList, _ body: () throws -> Value?) -> Value? {
    do {
      return try body()
    } catch let fault as Diagnostic {
      faults.append(fault)
    } catch let list as DiagnosticList {
      faults.append(contentsOf: list)
    } catch {
      faults.append(Diagnostic(.error, "\(error)"))
    }
    return nil
  }
}
