public import PoseCore
internal import Tensor

/// Brings the engine `openblas`.
public enum OpenBLAS: Plugin {
  public static let name = "OpenBLAS"

  public static func register(in registry: inout Registry) throws {
    try registry.engines.register(
      Component(
        "openblas",
        summary:
          "Convolutions as matrix products by OpenBLAS: portable, the same bits for any number of threads",
        reference:
          "Chellapilla et al., High Performance Convolutional Neural Networks for Document Processing, 2006"
      ) { _, _ in OpenBLASEngine() })
  }
}
