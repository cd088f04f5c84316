internal import Config
public import Data
internal import Foundation
internal import Imaging
internal import Layers
internal import ONNX
internal import ONNXRuntime
internal import PoseCore
internal import Tensor
internal import Training

/// The pictures by which an export to 8-bit integers chooses its scales, and measures what they cost.
public struct Calibration: Sendable {
  public var data: DatasetSpec
  /// Pictures that are looked at, spread over the validation split.
  public var maximumCount: Int

  public init(data: DatasetSpec, maximumCount: Int = 128) {
    self.data = data
    self.maximumCount = maximumCount
  }

  private var split: DatasetSplit { data.splits[.val] == nil ? .train : .val }

  /// The range of numbers at each convolution over the pictures.
  func ranges(
    of model: PoseModel, store: ParameterStore, height: Int, width: Int, notes: inout [String]
  ) throws -> [ConvolutionRange] {
    let index = try DatasetIndex(data, split: split, options: IndexOptions())
    let observer = RangeObserver(store.device.engine)
    let device = Device(engine: observer)
    let count = min(maximumCount, index.count)
    var seen = 0
    for place in 0..<count {
      // Spread evenly: data sets are often in some order.
      guard let image = try? Image(contentsOf: index.paths[place * index.count / count]) else { continue }
      let letterbox = Letterbox.prediction(
        source: ImageSize(width: image.width, height: image.height),
        network: ImageSize(width: width, height: height))
      let input = letterbox.apply(to: image)
      let tensor = input.pixels.withUnsafeBufferPointer {
        Tensor(unitRange: $0, shape: [1, height, width, 3], on: device)
      }
      observer.beginPass()
      let output = model(tensor, ForwardPass(.inference))
      _ = (model.layout.isNMSFree ? output.oneToOneOutput ?? output : output).levels
      seen += 1
    }
    guard seen > 0 else {
      throw Diagnostic(.error, "none of the calibration pictures of '\(data.file)' can be read")
    }
    notes.append("scales chosen by \(seen) pictures of the \(split.rawValue) split")
    return observer.ranges
  }

  /// Validates the model before and after.
  ///
  /// - Parameters:
  ///   - size: of the pictures.
  ///   - isFixed: whether all pictures have that size, as in the exported model.
  /// - Returns: nil, with a note, where no engine runs ONNX files.
  func loss(
    of path: String, model: String, pretrained: String?, size: ImageSize, isFixed: Bool, registry: Registry,
    notes: inout [String]
  ) throws -> QuantizationLoss? {
    func report(_ model: String, _ pretrained: String?) throws -> ValidationReport? {
      var spec = ExperimentSpec()
      spec.model = Node(.string(model))
      spec.options.schedule.pretrained = pretrained
      spec.options.evaluation.split = split.rawValue
      let experiment = Experiment(spec, for: .val, registry: registry)
      let loaded = try LoadedModel(experiment, skeleton: data.skeleton, classNames: data.classNames)
      return try ValidationRun(
        network: loaded.network, description: loaded.description, data: data, options: spec.options,
        imageSize: max(size.width, size.height), inputSize: isFixed ? size : nil, metrics: spec.metrics,
        registry: registry
      ).run()
    }
    let quantized: ValidationReport?
    do {
      quantized = try report(path, nil)
    } catch let error as ONNXRuntimeError {
      notes.append("what 8-bit integers cost was not measured: \(error)")
      return nil
    }
    guard let quantized, let full = try report(model, pretrained) else { return nil }
    var figures: [QuantizationLoss.Figure] = []
    for (a, b) in zip(full.metrics, quantized.metrics) {
      for (one, other) in zip(a.values, b.values) where one.name.contains("AP") && one.name == other.name {
        figures.append(.init(name: "\(a.name) \(one.name)", full: one.value, quantized: other.value))
      }
    }
    return QuantizationLoss(imageCount: full.imageCount, figures: figures)
  }
}
