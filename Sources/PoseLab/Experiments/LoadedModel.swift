internal import Config
internal import Interchange
internal import PoseCore
internal import Tensor
internal import Training

/// A model with its weights, for validation and prediction.
struct LoadedModel {
  let source: ModelSource
  let network: PoseNetwork
  let description: ModelDescription

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
    try Self.compare(source, skeleton, classNames, at: spec.origins["data"])
    if source.description == nil, let skeleton, let classNames {
      _ = model.adapt(to: skeleton, classCount: classNames.count)
    }
    let built = try PoseModel(model, registry: registry)
    let device = try TrainingAssembly.device(spec.options.execution, registry)
    network = PoseNetwork(built, device: device, seed: nil)
    try network.store.load(try WeightsFile.open(weights))
    self.source = source
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
    _ source: ModelSource, _ skeleton: Skeleton?, _ classNames: [String]?, at location: SourceLocation?
  ) throws(Diagnostic) {
    guard let description = source.description, let skeleton, let classNames else { return }
    let own = description.skeleton
    if own.keypointCount != skeleton.keypointCount {
      throw Diagnostic(
        .error,
        "the model '\(source.name)' predicts \(own.keypointCount) keypoints, the data set has"
          + " \(skeleton.keypointCount)", at: location)
    }
    if description.classNames.count != classNames.count {
      throw Diagnostic(
        .error,
        "the model '\(source.name)' knows \(description.classNames.count) classes, the data set"
          + " \(classNames.count)", at: location)
    }
  }

  private static func names(_ layout: HeadLayout) -> [String] {
    let isPerson = layout.classCount == 1 && layout.keypointCount == 17
    return isPerson ? ["person"] : (0..<layout.classCount).map { "class \($0)" }
  }
}
