public import PoseCore

/// The layers that recipes of models are made of.
///
/// Each file holds one of them: the layer, the arguments it declares and the names its numbers have in checkpoints.
/// Read `Convolution` first, then `Bottleneck`, `C2f`, `C3k2` and `C2PSA`.
public enum BuildingBlocks: Plugin {
  public static let name = "BuildingBlocks"

  public static func register(in registry: inout Registry) throws {
    try registry.layers.register(Convolution.component)
    try registry.layers.register(DepthwiseConvolution.component)
    try registry.layers.register(Bottleneck.component)
    try registry.layers.register(C2.component)
    try registry.layers.register(C2f.component)
    try registry.layers.register(C3.component)
    try registry.layers.register(C3k2.component)
    try registry.layers.register(SPPF.component)
    try registry.layers.register(C2PSA.component)
    try registry.layers.register(GhostConvolution.component)
    try registry.layers.register(GhostBottleneck.component)
    try registry.layers.register(C3Ghost.component)
    try registry.layers.register(SqueezeExcitation.component)
    try registry.layers.register(EfficientChannelAttention.component)
    try registry.layers.register(CBAM.component)
    try registry.layers.register(CoordinateAttention.component)
    try registry.layers.register(Concatenation.component)
    try registry.layers.register(Upsampling.component)
  }
}
