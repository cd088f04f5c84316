public import PoseCore

/// Brings the engine `onednn`.
public enum OneDNN: Plugin {
  public static let name = "OneDNN"

  public static func register(in registry: inout Registry) throws {
    try registry.engines.register(
      Component(
        "onednn", summary: "Convolutions by oneDNN: the fastest on x86-64 and Arm processors",
        reference: "oneDNN, https://uxlfoundation.github.io/oneDNN"
      ) { _, _ in OneDNNEngine() })
  }
}
