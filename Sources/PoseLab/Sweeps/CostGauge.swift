internal import Data
internal import Foundation
internal import PoseCore
internal import Sweeps
internal import Synchronization
internal import Training

/// Checks the models of a sweep's runs and tells what they cost; equal models are looked at once.
final class CostGauge: Sendable {
  private let registry: Registry
  private let specs: ShippedSpecs
  private let measures: Bool
  private let known = Mutex<[String: RunResult.Cost]>([:])
  private let trainImages = Mutex<[String: Int]>([:])

  init(registry: Registry, specs: ShippedSpecs, measures: Bool) {
    self.registry = registry
    self.specs = specs
    self.measures = measures
  }

  /// - Throws: what is wrong with the model: names, arguments, shapes that do not fit.
  @Sendable func cost(of spec: ExperimentSpec) throws -> RunResult.Cost {
    let options = spec.options.schedule
    let (source, skeleton, classCount) = try subject(spec)
    var model = source.spec
    _ = model.adapt(to: skeleton, classCount: classCount)
    let built = try PoseModel(model, registry: registry)
    let multiple = built.sizeMultiple
    let size = (options.imgsz + multiple - 1) / multiple * multiple
    let summary = built.summary(height: size, width: size)
    var cost = RunResult.Cost(
      parameters: summary.parameterCount, gigaflops: Double(summary.operations()) / 1e9)
    guard measures else { return cost }
    let text = source.text(skeleton: skeleton, classCount: classCount)
    let key = "\(text) \(spec.loss) \(size) \(options.batch) \(spec.options.execution.precision)"
    if let earlier = known.withLock({ $0[key] }) {
      cost.latency = earlier.latency
    } else {
      var benchmark = Benchmark(registry: registry)
      benchmark.experiment = (source, spec.loss, skeleton, classCount)
      benchmark.imageSize = size
      benchmark.batch = options.batch
      benchmark.engine = spec.options.execution.engine
      benchmark.precision = spec.options.execution.precision
      (benchmark.warmups, benchmark.runs) = (1, 3)
      cost.latency = try benchmark.training().median
      known.withLock { $0[key] = cost }
    }
    // Validation is a forward pass, about a third of a step.
    let images = try imageCounts(spec)
    let steps = Double(images.train) * options.fraction + Double(images.validation) / 3
    cost.trainingSeconds = (cost.latency ?? 0) / 1000 * steps * Double(options.epochs)
    cost.latency = nil
    return cost
  }

  /// Median milliseconds of inference for one image.
  @Sendable func latency(of spec: ExperimentSpec) throws -> Double {
    let (source, skeleton, classCount) = try subject(spec)
    var benchmark = Benchmark(registry: registry)
    benchmark.experiment = (source, spec.loss, skeleton, classCount)
    benchmark.imageSize = (spec.options.schedule.imgsz + 31) / 32 * 32
    benchmark.batch = 1
    benchmark.engine = spec.options.execution.engine
    benchmark.precision = spec.options.execution.precision
    (benchmark.warmups, benchmark.runs) = (5, 30)
    return try benchmark.prediction().median
  }

  /// The model, and what the data set wants it to predict.
  private func subject(
    _ spec: ExperimentSpec
  ) throws -> (ModelSource, skeleton: Skeleton, classCount: Int) {
    guard let node = spec.model else { throw CocoaError(.featureUnsupported) }
    let source = try ModelSource(node, specs: specs)
    guard case .file? = spec.data?.main,
      let data = try spec.data?.resolve(at: spec.origins["data"], specs: specs)
    else {
      return (source, .cocoPerson, 1)
    }
    return (source, data.skeleton, spec.options.schedule.singleClass ? 1 : data.classNames.count)
  }

  private func imageCounts(_ spec: ExperimentSpec) throws -> (train: Int, validation: Int) {
    switch spec.data?.main {
    case .synthetic(let source)?:
      let validation = Int((Double(source.images) * source.validationFraction).rounded())
      return (source.images - validation, validation)
    case .file(let path)?:
      let data = try DataReference.file(path).resolve(at: spec.origins["data"], specs: specs)
      func count(_ split: DatasetSplit) throws -> Int {
        let key = "\(path) \(split.rawValue)"
        if let known = trainImages.withLock({ $0[key] }) { return known }
        let count = try DatasetIndex(
          data, split: split, options: IndexOptions(badLabels: .skip), formats: registry.datasets
        ).count
        trainImages.withLock { $0[key] = count }
        return count
      }
      return (try count(.train), try count(.val))
    case .mixture?, nil: return (0, 0)
    }
  }
}
