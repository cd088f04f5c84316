internal import Config
internal import Interchange
internal import ONNX
internal import PoseCore
internal import Tensor
internal import Training

/// A model with its weights, for validation and prediction.
struct LoadedModel {
  let network: PoseNetwork
  let description: ModelDescription
  /// Whether the model says itself what it predicts, and on which size it was trained.
  let isDescribed: Bool

  /// - Parameters:
  ///   - node: the model as the spec names it; see `ModelSource`. An ONNX file runs by an engine for such files.
  ///   - skeleton: of the data set; nil takes the model's own, or COCO's for 17 keypoints.
  ///   - classNames: likewise.
  /// - Throws: where the model has no weights, they do not fit, or it predicts something else than the data set has.
  init(
    _ experiment: Experiment, skeleton: Skeleton?, classNames: [String]?
  ) throws {
    if experiment.source == nil, let node = experiment.spec.model, ExportedGraph.isNamed(node) {
      try self.init(
        try ExportedGraph(node), spec: experiment.spec, skeleton: skeleton, classNames: classNames,
        registry: experiment.registry)
    } else {
      try self.init(
        try experiment.model(), spec: experiment.spec, skeleton: skeleton, classNames: classNames,
        registry: experiment.registry)
    }
  }

  /// A model in an ONNX file.
  private init(
    _ graph: ExportedGraph, spec: ExperimentSpec, skeleton: Skeleton?, classNames: [String]?,
    registry: Registry
  ) throws {
    if spec.options.execution.precision != .float32 {
      throw Diagnostic(
        .error,
        "an ONNX file brings its own number format; leave precision out, or take the weights it came from",
        at: spec.origins["train.precision"])
    }
    let (head, device) = try graph.head(spec.options.execution, registry, at: spec.origins["train.engine"])
    let metadata = head.metadata
    let own = ModelDescription(
      spec: "", skeleton: metadata.skeleton, classNames: metadata.classNames,
      imageSize: max(metadata.height, metadata.width))
    try Self.compare(graph.path, own, skeleton, classNames, at: spec.origins["data"])
    network = PoseNetwork(PoseModel(head: head, name: "ONNX"), device: device, seed: nil)
    description = own
    isDescribed = true
  }

  /// - Parameters:
  ///   - skeleton: of the data set; nil takes the model's own, or COCO's for 17 keypoints.
  ///   - classNames: likewise.
  /// - Throws: where the model has no weights, they do not fit, or it predicts something else than the data set has.
  init(
    _ source: ModelSource, spec: ExperimentSpec, skeleton: Skeleton?, classNames: [String]?,
    registry: Registry
  ) throws {
    guard let weights = source.weights ?? spec.options.schedule.pretrained else {
      throw Diagnostic(
        .error,
        "the model '\(source.name)' has no weights; give the .safetensors or .pt file of a trained one as model=, or as"
          + " pretrained=", at: spec.origins["model"])
    }
    var model = source.spec
    if let own = source.description {
      try Self.compare(source.name, own, skeleton, classNames, at: spec.origins["data"])
    }
    if source.description == nil, let skeleton, let classNames {
      _ = model.adapt(to: skeleton, classCount: classNames.count)
    }
    let built = try PoseModel(model, registry: registry)
    let device = try ExportedGraph.deviceForLayers(
      spec.options.execution, registry, at: spec.origins["train.engine"])
    network = PoseNetwork(
      built, device: device, seed: nil, precision: spec.options.execution.precision)
    try network.store.load(try WeightsFile.open(weights))
    isDescribed = source.description != nil
    let layout = built.layout
    description =
      source.description
      ?? ModelDescription(
        spec: "", skeleton: skeleton ?? Skeleton(unnamed: layout),
        classNames: classNames ?? Self.names(layout),
        imageSize: spec.options.schedule.imgsz)
  }

  /// A model that says what it predicts must match the data set.
  private static func compare(
    _ name: String, _ description: ModelDescription, _ skeleton: Skeleton?, _ classNames: [String]?,
    at location: SourceLocation?
  ) throws(Diagnostic) {
    guard let skeleton, let classNames else { return }
    let own = description.skeleton
    if own.keypointCount != skeleton.keypointCount {
      throw Diagnostic(
        .error,
        "the model '\(name)' predicts \(own.keypointCount) keypoints, the data set has"
          + " \(skeleton.keypointCount)", at: location)
    }
    if description.classNames.count != classNames.count {
      throw Diagnostic(
        .error,
        "the model '\(name)' knows \(description.classNames.count) classes, the data set"
          + " \(classNames.count)", at: location)
    }
  }

  private static func names(_ layout: HeadLayout) -> [String] {
    let isPerson = layout.classCount == 1 && layout.keypointCount == 17
    return isPerson ? ["person"] : (0..<layout.classCount).map { "class \($0)" }
  }
}
