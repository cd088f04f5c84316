internal import Config
internal import Foundation
internal import Imaging
public import ONNX
public import PoseCore
internal import Training

/// Writes a trained model as ONNX, for use without PoseLab.
///
/// ```swift
/// var export = ModelExport("best.safetensors", registry: try Registry.standard())
/// export.isDynamic = true
/// let result = try export.write(to: "best.onnx")
/// ```
public struct ModelExport: Sendable {
  /// Weights, or the name of a model's YAML together with `pretrained`.
  public var model: String
  /// Weights of a model that is given by its YAML.
  public var pretrained: String?
  /// Of the pictures, in pixels: height and width, rounded up to what the model takes; nil for the size of its training.
  public var imageSize: (height: Int, width: Int)?
  public var batch = 1
  /// Batch, height and width are left to who runs the file.
  public var isDynamic = false
  /// Half precision inside, single precision outside.
  public var isHalf = false
  /// ONNX's set of operators.
  public var opset = 18
  /// Suppression of overlapping boxes inside of the graph.
  public var suppression: ONNXExportOptions.Suppression?
  /// Rows for each picture of models that need no suppression.
  public var maximumCount = 300
  /// Pictures to choose the scales of 8-bit integers by; nil exports floating-point numbers.
  public var calibration: Calibration?
  public let registry: Registry

  public init(_ model: String, registry: Registry) {
    self.model = model
    self.registry = registry
  }

  /// What was written.
  public struct Result: Sendable {
    public var path: String
    public var byteCount: Int
    public var input: ONNXModel.Port
    public var output: ONNXModel.Port
    public var nodeCount: Int
    /// What a user should know.
    public var notes: [String]
    /// What 8-bit integers cost, where that could be measured.
    public var loss: QuantizationLoss?
  }

  /// Exports.
  ///
  /// - Parameters:
  ///   - path: of the file; nil puts it beside the weights, under their name.
  ///   - progress: what is being done.
  /// - Throws: what is wrong with the model or the options; `ONNXExportError` naming a layer that cannot be exported;
  ///   what writing throws. A file that was there is then as before.
  public func write(to path: String? = nil, progress: (String) -> Void = { _ in }) throws -> Result {
    var notes: [String] = []
    var spec = ExperimentSpec()
    spec.model = Node(.string(model))
    spec.options.schedule.pretrained = pretrained
    let experiment = Experiment(spec, for: .predict, registry: registry)
    let source = try experiment.model()
    let loaded = try LoadedModel(experiment, skeleton: nil, classNames: nil)
    let network = loaded.network
    let options = try options(network, loaded.description, &notes, progress)
    let metadata = metadata(source, loaded, options)
    let exported = try ONNXExporter(network.model, store: network.store).export(
      options, metadata: metadata.entries)
    let path =
      path ?? Self.defaultPath(source.weights ?? pretrained ?? model, isQuantized: calibration != nil)
    try exported.write(to: path)
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int
    var result = Result(
      path: path, byteCount: size ?? 0, input: exported.input, output: exported.output,
      nodeCount: exported.nodeCount, notes: notes)
    if let calibration {
      progress("measuring what 8-bit integers cost")
      result.loss = try calibration.loss(
        of: path, model: model, pretrained: pretrained,
        size: ImageSize(width: options.width, height: options.height),
        isFixed: !isDynamic, registry: registry, notes: &result.notes)
    }
    return result
  }

  private static func defaultPath(_ weights: String, isQuantized: Bool) -> String {
    let stem = (weights as NSString).deletingPathExtension
    return stem + (isQuantized ? "_int8" : "") + ".onnx"
  }

  private func options(
    _ network: PoseNetwork, _ description: ModelDescription, _ notes: inout [String],
    _ progress: (String) -> Void
  ) throws -> ONNXExportOptions {
    let multiple = network.model.sizeMultiple
    func rounded(_ side: Int) -> Int { (min(side, 1 << 20) + multiple - 1) / multiple * multiple }
    let wanted = imageSize ?? (description.imageSize, description.imageSize)
    let (height, width) = (rounded(wanted.height), rounded(wanted.width))
    if (height, width) != wanted {
      notes.append("imgsz is rounded up to \(height) × \(width), multiples of \(multiple)")
    }
    var options = ONNXExportOptions(
      height: height, width: width, batch: batch, isDynamic: isDynamic, isHalf: isHalf, opset: opset,
      suppression: suppression, maximumCount: maximumCount)
    if network.layout.isNMSFree, suppression != nil {
      options.suppression = nil
      notes.append("the model needs no suppression, so nms=True changes nothing")
    }
    if let calibration {
      progress("running the calibration pictures")
      options.quantization = try calibration.ranges(
        of: network.model, store: network.store, height: height, width: width, notes: &notes)
    }
    return options
  }

  private func metadata(
    _ source: ModelSource, _ loaded: LoadedModel, _ options: ONNXExportOptions
  ) -> ONNXMetadata {
    let model = loaded.network.model
    let heads = ["yolov8_pose": "Pose", "yolo11_pose": "Pose", "yolo26_pose": "Pose26"]
    func text(_ flag: Bool) -> String { flag ? "True" : "False" }
    return ONNXMetadata(
      summary: "PoseLab model \((source.name as NSString).lastPathComponent)", date: Self.date,
      version: PoseLabVersion.current, stride: model.sizeMultiple,
      head: heads[model.headName] ?? model.headName, batch: options.batch, height: options.height,
      width: options.width, classNames: loaded.description.classNames,
      skeleton: loaded.description.skeleton, isEndToEnd: model.layout.isNMSFree,
      arguments: [
        ("batch", "\(options.batch)"), ("half", text(isHalf)), ("int8", text(calibration != nil)),
        ("dynamic", text(isDynamic)), ("nms", text(options.suppression != nil)), ("opset", "\(opset)"),
      ])
  }

  /// Now, with the zone, to the second.
  private static var date: String {
    let formatter = ISO8601DateFormatter()
    formatter.timeZone = .current
    return formatter.string(from: Date())
  }
}
