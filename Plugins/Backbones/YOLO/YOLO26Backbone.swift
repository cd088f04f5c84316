internal import Config
public import PoseCore

/// The backbone of YOLO26: that of YOLO11, with a shortcut around the pooling.
///
/// Source: YOLO26 (no paper; structure as its published models have it). Gives P3, P4 and P5.
public enum YOLO26Backbone {
  static let recipe: Node.Value = [
    [-1, 1, "Conv", [64, 3, 2]],
    [-1, 1, "Conv", [128, 3, 2]],
    [-1, 2, "C3k2", [256, false, 0.25]],
    [-1, 1, "Conv", [256, 3, 2]],
    [-1, 2, "C3k2", [512, false, 0.25]],
    [-1, 1, "Conv", [512, 3, 2]],
    [-1, 2, "C3k2", [512, true]],
    [-1, 1, "Conv", [1024, 3, 2]],
    [-1, 2, "C3k2", [1024, true]],
    [-1, 1, "SPPF", [1024, 5, 3, true]],
    [-1, 2, "C2PSA", [1024]],
  ]

  public static let component = Component<FeatureContext, any FeatureExtractor>(
    "yolo26", summary: "Convolutions, C3k2 blocks, pooling with a shortcut and attention (YOLO26): P3 to P5.",
    reference: "YOLO26"
  ) { _, context in
    try FeatureGraph(recipe: recipe, results: [4, 6, 10], context: context)
  }
}
