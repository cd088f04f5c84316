public import Layers
public import PoseCore
public import Tensor

/// HRNet: keeps a map of stride 4 from beginning to end and adds coarser ones beside it, which are fused again and
/// again.
///
/// Source: Sun et al., Deep High-Resolution Representation Learning for Human Pose Estimation, arXiv:1902.09212.
/// Numbers have the names that they have in timm's checkpoints: `conv1`, `layer1.0.conv1`, `transition1.0.0`,
/// `stage2.0.branches.0.0.conv1`, `stage2.0.fuse_layers.0.1.0`, …
public final class HRNet: FeatureExtractor {
  public let outputs: [FeatureShape]
  private let stem: [ConvolutionBlock]
  private let first: [ResidualBlock]
  /// For each stage the convolutions that make its new map, and for the first of them that of the finest map, too.
  private let transitions: [[(branch: Int, block: ConvolutionBlock)]]
  private let stages: [HRNetStage]

  /// - Parameters:
  ///   - width: channels of the map of stride 4; they double from map to map.
  ///   - scaled: channels as the model's scale has them.
  ///   - repeats: modules or blocks as the model's scale has them.
  ///   - strides: of the maps it gives, in growing order.
  public init(
    width: Int, inChannels: Int = 3, scaled: (Int) -> Int = { $0 }, repeats: (Int) -> Int = { $0 },
    strides: [Int] = [8, 16, 32]
  ) {
    let stemChannels = scaled(64)
    stem = [
      .hrnet(inChannels, stemChannels, kernel: 3, stride: 2),
      .hrnet(stemChannels, stemChannels, kernel: 3, stride: 2),
    ]
    var first: [ResidualBlock] = []
    var channels = stemChannels
    for _ in 0..<repeats(4) {
      first.append(ResidualBlock(.bottleneck, inChannels: channels, channels: scaled(64)))
      channels = first[first.count - 1].outChannels
    }
    self.first = first
    let widths = (0..<4).map { scaled(width << $0) }
    transitions = (0..<3).map { stage in
      if stage == 0 {
        return [
          (0, .hrnet(channels, widths[0], kernel: 3)), (1, .hrnet(channels, widths[1], kernel: 3, stride: 2)),
        ]
      }
      return [(stage + 1, .hrnet(widths[stage], widths[stage + 1], kernel: 3, stride: 2))]
    }
    let places = strides.map { $0.trailingZeroBitCount - 2 }
    stages = [1, 4, 3].enumerated().map { index, modules in
      HRNetStage(
        channels: Array(widths[0..<(index + 2)]), modules: repeats(modules), blocks: repeats(4),
        outputs: index == 2 ? Set(places) : Set(0..<(index + 2)))
    }
    outputs = places.map { FeatureShape(channels: widths[$0], stride: 4 << $0) }
  }

  public var members: [LayerMember] {
    var members: [LayerMember] = []
    for (index, block) in stem.enumerated() {
      members += block.members("conv\(index + 1)", "bn\(index + 1)")
    }
    members += LayerMember.list("layer1", first)
    for (index, stage) in stages.enumerated() {
      for (branch, block) in transitions[index] {
        // A map that is made new lies one level deeper in checkpoints than one that is only adapted.
        let name = "transition\(index + 1).\(branch)" + (branch == 0 ? "" : ".0")
        members += block.members("\(name).0", "\(name).1")
      }
      members.append(.layer("stage\(index + 2)", stage))
    }
    return members
  }

  public func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> [Tensor] {
    let start = first.reduce(stem.reduce(features[0]) { $1($0, pass) }) { $1($0, pass) }
    var maps = [start]
    for (stage, made) in zip(stages, transitions) {
      let coarsest = maps[maps.count - 1]
      for (branch, block) in made {
        if branch < maps.count {
          maps[branch] = block(maps[branch], pass)
        } else {
          maps.append(block(coarsest, pass))
        }
      }
      maps = stage(maps, pass)
    }
    return maps
  }

  public static let component = Component<FeatureContext, any FeatureExtractor>(
    "hrnet", presets: [18, 32].map { ComponentPreset("hrnet_w\($0)", "width", .int($0)) },
    summary: "High-resolution network: maps of four strides side by side, fused again and again.",
    reference: "arXiv:1902.09212, arXiv:1908.07919",
    parameters: [
      .init(
        "width", .int(1...256), default: 32,
        help: "channels of the map of stride 4 (18, 32 … in the papers); they double from map to map"),
      .strides,
    ]
  ) { arguments, context in
    HRNet(
      width: try arguments.int("width"), inChannels: try context.imageChannels(of: arguments),
      scaled: context.scale.exactChannels, repeats: context.scale.repeats,
      strides: try arguments.mapStrides())
  }
}
