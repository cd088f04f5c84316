public import PoseCore

/// Registers the metrics.
public enum Metrics: Plugin {
  public static let name = "Metrics"

  public static func register(in registry: inout Registry) throws {
    try registry.metrics.register(
      Component(
        "coco_keypoints", aliases: ["COCOKeypoints"],
        summary: "COCO's keypoint AP and AR (10 figures), as pycocotools gives them",
        reference: "Lin et al., Microsoft COCO, arXiv:1405.0312; cocodataset.org, keypoint evaluation",
        parameters: [
          ParameterDeclaration(
            "sigmas", .floatList(each: .above(0)), default: .null,
            help: "one for each keypoint; none means those of the data set")
        ]
      ) { arguments, context in
        COCOKeypointsMetric(
          skeleton: try skeleton(arguments, context), classNames: context.classNames)
      })
    try registry.metrics.register(
      Component(
        "coco_bbox", aliases: ["COCOBox"],
        summary: "COCO's box AP and AR (12 figures), as pycocotools gives them",
        reference: "Lin et al., Microsoft COCO, arXiv:1405.0312; cocodataset.org, detection evaluation"
      ) { _, context in COCOBoxMetric(classNames: context.classNames) })
    try registry.metrics.register(
      Component(
        "yolo_map", aliases: ["YOLOMap"],
        summary:
          "box and pose precision, recall, mAP50 and mAP50-95 as YOLO tools compute them in validation",
        parameters: [
          ParameterDeclaration(
            "sigmas", .floatList(each: .above(0)), default: .null,
            help: "one for each keypoint; none means those of the data set")
        ]
      ) { arguments, context in
        YOLOMap(skeleton: try skeleton(arguments, context), classNames: context.classNames)
      })
    try registry.metrics.register(CorrectKeypointsMetric.component)
    try registry.metrics.register(CorrectKeypointsMetric.headComponent)
    try registry.metrics.register(AreaUnderCurveMetric.component)
    try registry.metrics.register(EndpointErrorMetric.component)
    try registry.metrics.register(EndpointErrorMetric.normalizedComponent)
    try registry.metrics.register(KeypointSimilarityMetric.component)
  }

  /// The context's skeleton with the sigmas that the spec gives, if any.
  private static func skeleton(_ arguments: Arguments, _ context: MetricContext) throws -> Skeleton {
    guard let sigmas = try arguments.optionalFloatList("sigmas") else { return context.skeleton }
    var skeleton = context.skeleton
    guard sigmas.count == skeleton.keypointCount else {
      throw arguments.error(
        "\(sigmas.count) sigmas for \(skeleton.keypointCount) keypoints: give one for each", at: "sigmas")
    }
    skeleton.sigmas = sigmas
    skeleton.sigmaSource = .dataset
    return skeleton
  }
}
