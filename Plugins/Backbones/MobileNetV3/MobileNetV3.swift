public import Layers
public import PoseCore
public import Tensor

/// MobileNetV3: inverted residual blocks with weighed channels, found by search for phones.
///
/// Source: Howard et al., Searching for MobileNetV3, arXiv:1905.02244, tables 1 and 2. Ends with the last pointwise
/// convolution before the classifier. Numbers have the names that they have in torchvision's checkpoints:
/// `features.0.0`, `features.1.block.0.0`, …
public final class MobileNetV3: FeatureExtractor {
  public enum Variant: String, CaseIterable, Sendable {
    case small, large

    /// A block of the table.
    struct Row {
      var kernel: Int
      var hidden: Int
      var channels: Int
      var isWeighed: Bool
      var activation: Activation
      var stride: Int

      init(
        _ kernel: Int, _ hidden: Int, _ channels: Int, _ isWeighed: Bool, _ activation: Activation,
        _ stride: Int
      ) {
        (self.kernel, self.hidden, self.channels) = (kernel, hidden, channels)
        (self.isWeighed, self.activation, self.stride) = (isWeighed, activation, stride)
      }
    }

    var rows: [Row] {
      switch self {
      case .large:
        [
          Row(3, 16, 16, false, .relu, 1), Row(3, 64, 24, false, .relu, 2), Row(3, 72, 24, false, .relu, 1),
          Row(5, 72, 40, true, .relu, 2), Row(5, 120, 40, true, .relu, 1), Row(5, 120, 40, true, .relu, 1),
          Row(3, 240, 80, false, .hardSwish, 2), Row(3, 200, 80, false, .hardSwish, 1),
          Row(3, 184, 80, false, .hardSwish, 1), Row(3, 184, 80, false, .hardSwish, 1),
          Row(3, 480, 112, true, .hardSwish, 1), Row(3, 672, 112, true, .hardSwish, 1),
          Row(5, 672, 160, true, .hardSwish, 2), Row(5, 960, 160, true, .hardSwish, 1),
          Row(5, 960, 160, true, .hardSwish, 1),
        ]
      case .small:
        [
          Row(3, 16, 16, true, .relu, 2), Row(3, 72, 24, false, .relu, 2), Row(3, 88, 24, false, .relu, 1),
          Row(5, 96, 40, true, .hardSwish, 2), Row(5, 240, 40, true, .hardSwish, 1),
          Row(5, 240, 40, true, .hardSwish, 1), Row(5, 120, 48, true, .hardSwish, 1),
          Row(5, 144, 48, true, .hardSwish, 1), Row(5, 288, 96, true, .hardSwish, 2),
          Row(5, 576, 96, true, .hardSwish, 1), Row(5, 576, 96, true, .hardSwish, 1),
        ]
      }
    }
  }

  public let stem: ConvolutionBlock
  public let blocks: [InvertedResidual]
  /// Behind the last block of stride 32.
  public let last: ConvolutionBlock?
  public let outputs: [FeatureShape]
  /// The block after which each of the maps but that of stride 32 is taken.
  private let taps: [Int]

  /// - Parameters:
  ///   - width: channels, of those that the table has.
  ///   - strides: of the maps it gives, in growing order.
  public init(
    _ variant: Variant, inChannels: Int = 3, width: (Int) -> Int = { $0 }, strides: [Int] = [8, 16, 32]
  ) {
    func block(_ from: Int, _ to: Int, kernel: Int, stride: Int) -> ConvolutionBlock {
      ConvolutionBlock(
        inChannels: from, outChannels: to, kernel: kernel, stride: stride, activation: .hardSwish,
        epsilon: 1e-3, momentum: 0.01
      ).scaledByFanOut()
    }
    var channels = width(16)
    var stride = 2
    stem = block(inChannels, channels, kernel: 3, stride: 2)
    var blocks: [InvertedResidual] = []
    var outputs: [FeatureShape] = []
    var taps: [Int] = []
    func tap() {
      outputs.append(FeatureShape(channels: channels, stride: stride))
      taps.append(blocks.count)
    }
    for row in variant.rows {
      if row.stride == 2, strides.contains(stride) { tap() }
      stride *= row.stride
      if stride > strides.last ?? 0 { break }
      let hidden = width(row.hidden)
      blocks.append(
        InvertedResidual(
          inChannels: channels, hidden: hidden, outChannels: width(row.channels), kernel: row.kernel,
          stride: row.stride, squeezed: row.isWeighed ? Self.rounded(hidden / 4) : nil,
          activation: row.activation))
      channels = width(row.channels)
    }
    if stride == 32, strides.contains(32) {
      last = block(channels, 6 * channels, kernel: 1, stride: 1)
      outputs.append(FeatureShape(channels: 6 * channels, stride: 32))
    } else {
      last = nil
    }
    self.blocks = blocks
    self.outputs = outputs
    self.taps = taps
  }

  /// The nearest multiple of 8, but at least nine tenths of `count`.
  private static func rounded(_ count: Int) -> Int {
    let nearest = max(8, (count + 4) / 8 * 8)
    return 10 * nearest < 9 * count ? nearest + 8 : nearest
  }

  public var members: [LayerMember] {
    stem.members("features.0.0", "features.0.1")
      + blocks.enumerated().map { .layer("features.\($0.offset + 1)", $0.element) }
      + (last?.members("features.\(blocks.count + 1).0", "features.\(blocks.count + 1).1") ?? [])
  }

  public func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> [Tensor] {
    var map = stem(features[0], pass)
    var maps: [Tensor] = []
    for (index, block) in blocks.enumerated() {
      map = block(map, pass)
      if taps.contains(index + 1) { maps.append(map) }
    }
    return maps + (last.map { [$0(map, pass)] } ?? [])
  }

  public static let component = Component<FeatureContext, any FeatureExtractor>(
    "mobilenet_v3",
    presets: Variant.allCases.map {
      ComponentPreset("mobilenet_v3_\($0.rawValue)", "variant", .string($0.rawValue))
    },
    summary: "Inverted residual blocks with weighed channels, for small devices.",
    reference: "arXiv:1905.02244",
    parameters: [
      .init("variant", .choice(of: Variant.self), default: "large", help: "which of the paper's two"),
      .strides,
    ]
  ) { arguments, context in
    MobileNetV3(
      try arguments.choice("variant"), inChannels: try context.imageChannels(of: arguments),
      width: context.scale.exactChannels, strides: try arguments.mapStrides())
  }
}
