public import PoseCore

/// The neck `none`: hands the backbone's maps to the head as they are.
public enum NoNeck {
  public static let component = Component<FeatureContext, any FeatureExtractor>(
    "none", summary: "Hands the backbone's maps to the head as they are."
  ) { _, context in
    FeatureGraph(
      inputs: context.inputs, nodes: [], results: context.inputs.indices.map { .input($0) })
  }
}
