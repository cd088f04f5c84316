internal import Config
public import PoseCore

/// The backbone of YOLOv8: strided convolutions and C2f blocks, pooling at the end.
///
/// Source: YOLOv8 (no paper; structure as its published models have it). Gives P3, P4 and P5.
public enum YOLOv8Backbone {
  static let recipe: Node.Value = [
    [-1, 1, "Conv", [64, 3, 2]],
    [-1, 1, "Conv", [128, 3, 2]],
    [-1, 3, "C2f", [128, true]],
    [-1, 1, "Conv", [256, 3, 2]],
    [-1, 6, "C2f", [256, true]],
    [-1, 1, "Conv", [512, 3, 2]],
    [-1, 6, "C2f", [512, true]],
    [-1, 1, "Conv", [1024, 3, 2]],
    [-1, 3, "C2f", [1024, true]],
    [-1, 1, "SPPF", [1024, 5]],
  ]

  public static let component = Component<FeatureContext, any FeatureExtractor>(
    "yolov8", summary: "Convolutions, C2f blocks and pooling (YOLOv8): P3 to P5.",
    reference: "YOLOv8; arXiv:1911.11929, arXiv:2211.04800"
  ) { _, context in
    try FeatureGraph(recipe: recipe, results: [4, 6, 9], context: context)
  }
}
