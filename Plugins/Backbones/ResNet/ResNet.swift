public import Layers
public import PoseCore
public import Tensor

/// Residual network: a strided 7×7 convolution and a pooling, then four stages of residual blocks.
///
/// Source: He et al., Deep Residual Learning for Image Recognition, arXiv:1512.03385. Numbers have the names that they
/// have in torchvision's checkpoints: `conv1`, `bn1`, `layer1.0.conv1`, …
public final class ResNet: FeatureExtractor {
  public let stem: ConvolutionBlock
  /// One for each of the strides 4, 8, 16, 32, as far as they are needed.
  public let stages: [[ResidualBlock]]
  public let outputs: [FeatureShape]

  /// Blocks of each stage, by the number of layers.
  private static let depths: [Int: (kind: ResidualBlock.Kind, blocks: [Int])] = [
    18: (.basic, [2, 2, 2, 2]), 34: (.basic, [3, 4, 6, 3]), 50: (.bottleneck, [3, 4, 6, 3]),
    101: (.bottleneck, [3, 4, 23, 3]),
  ]

  /// - Parameters:
  ///   - blocks: of each stage.
  ///   - width: channels of the stem and inside the first stage; they double from stage to stage.
  ///   - strides: of the maps it gives, in growing order.
  public init(
    _ kind: ResidualBlock.Kind, blocks: [Int], inChannels: Int = 3, width: (Int) -> Int = { $0 },
    strides: [Int] = [8, 16, 32]
  ) {
    var channels = width(64)
    stem = ConvolutionBlock(
      inChannels: inChannels, outChannels: channels, kernel: 7, stride: 2, activation: .relu, epsilon: 1e-5,
      momentum: 0.1
    ).scaledByFanOut()
    var stages: [[ResidualBlock]] = []
    var outputs: [FeatureShape] = []
    for (index, count) in blocks.enumerated() where 4 << index <= strides.last ?? 0 {
      var stage: [ResidualBlock] = []
      for block in 0..<count {
        let stride = block == 0 && index > 0 ? 2 : 1
        stage.append(
          ResidualBlock(kind, inChannels: channels, channels: width(64 << index), stride: stride))
        channels = stage[block].outChannels
      }
      stages.append(stage)
      if strides.contains(4 << index) { outputs.append(FeatureShape(channels: channels, stride: 4 << index)) }
    }
    self.stages = stages
    self.outputs = outputs
  }

  public var members: [LayerMember] {
    stem.members("conv1", "bn1")
      + stages.enumerated().flatMap { LayerMember.list("layer\($0.offset + 1)", $0.element) }
  }

  public func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> [Tensor] {
    var map = stem(features[0], pass).maxPooled(kernel: 3, stride: 2, padding: 1)
    var maps: [Tensor] = []
    for (index, stage) in stages.enumerated() {
      map = stage.reduce(map) { $1($0, pass) }
      if outputs.contains(where: { $0.stride == 4 << index }) { maps.append(map) }
    }
    return maps
  }

  public static let component = Component<FeatureContext, any FeatureExtractor>(
    "resnet", presets: depths.keys.sorted().map { ComponentPreset("resnet\($0)", "depth", .int($0)) },
    summary: "Residual network of 18, 34, 50 or 101 layers.", reference: "arXiv:1512.03385",
    parameters: [
      .init("depth", .int(18...101), default: 50, help: "number of layers: 18, 34, 50 or 101"), .strides,
    ]
  ) { arguments, context in
    let depth = try arguments.int("depth")
    guard let (kind, blocks) = depths[depth] else {
      let known = depths.keys.sorted().map(String.init).joined(separator: ", ")
      throw arguments.error("\(arguments.owner) has no depth \(depth); known: \(known)", at: "depth")
    }
    return ResNet(
      kind, blocks: blocks.map { context.scale.repeats($0) },
      inChannels: try context.imageChannels(of: arguments), width: context.scale.exactChannels,
      strides: try arguments.mapStrides())
  }
}
