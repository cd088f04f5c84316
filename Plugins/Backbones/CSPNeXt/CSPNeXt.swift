public import Layers
public import PoseCore
public import Tensor

/// CSPNeXt, the backbone of RTMDet and RTMPose: three convolutions, then four stages of large-kernel blocks.
///
/// Source: Lyu et al., RTMDet, arXiv:2212.07784; Jiang et al., RTMPose, arXiv:2303.07399. Numbers have the names that
/// they have in the checkpoints of MMDetection: `stem.0`, `stage1.0`, `stage1.1.main_conv`, …
public final class CSPNeXt: FeatureExtractor {
  /// Depth and width as shares of those of `l`.
  public enum Variant: String, CaseIterable, Sendable {
    case t, s, m, l

    public var depth: Double {
      switch self {
      case .t: 0.167
      case .s: 0.33
      case .m: 0.67
      case .l: 1
      }
    }

    public var width: Double {
      switch self {
      case .t: 0.375
      case .s: 0.5
      case .m: 0.75
      case .l: 1
      }
    }
  }

  public let stem: Sequential
  /// One for each of the strides 4, 8, 16, 32, as far as they are needed.
  public let stages: [Sequential]
  public let outputs: [FeatureShape]

  /// - Parameters:
  ///   - depth: blocks of a stage, of those that `l` has.
  ///   - width: channels, of those that `l` has.
  ///   - strides: of the maps it gives, in growing order.
  public init(
    inChannels: Int = 3, depth: (Int) -> Int, width: (Int) -> Int, strides: [Int] = [8, 16, 32]
  ) {
    func convolution(_ from: Int, _ to: Int, stride: Int = 1) -> ConvolutionBlock {
      ConvolutionBlock(
        inChannels: from, outChannels: to, kernel: 3, stride: stride, epsilon: 1e-5, momentum: 0.1)
    }
    var channels = width(64)
    let half = max(1, channels / 2)
    stem = Sequential([
      convolution(inChannels, half, stride: 2), convolution(half, half), convolution(half, channels),
    ])
    var stages: [Sequential] = []
    var outputs: [FeatureShape] = []
    for (index, count) in [3, 6, 6, 3].enumerated() where 4 << index <= strides.last ?? 0 {
      let isLast = index == 3
      let wider = width(128 << index)
      var layers: [any UnaryLayer] = [convolution(channels, wider, stride: 2)]
      if isLast { layers.append(PyramidPooling(channels: wider)) }
      layers.append(CSPNeXtStage(channels: wider, blocks: depth(count), shortcut: !isLast))
      channels = wider
      stages.append(Sequential(layers))
      if strides.contains(4 << index) { outputs.append(FeatureShape(channels: channels, stride: 4 << index)) }
    }
    self.stages = stages
    self.outputs = outputs
  }

  public var members: [LayerMember] {
    [.layer("stem", stem)] + stages.enumerated().map { .layer("stage\($0.offset + 1)", $0.element) }
  }

  public func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> [Tensor] {
    var map = stem(features[0], pass)
    var maps: [Tensor] = []
    for (index, stage) in stages.enumerated() {
      map = stage(map, pass)
      if outputs.contains(where: { $0.stride == 4 << index }) { maps.append(map) }
    }
    return maps
  }

  public static let component = Component<FeatureContext, any FeatureExtractor>(
    "cspnext",
    presets: Variant.allCases.map {
      ComponentPreset("cspnext_\($0.rawValue)", "variant", .string($0.rawValue))
    },
    summary: "Cross-stage blocks with large depthwise kernels (RTMDet, RTMPose).",
    reference: "arXiv:2212.07784, arXiv:2303.07399",
    parameters: [
      .init("variant", .choice(of: Variant.self), default: "s", help: "how deep and wide it is"), .strides,
    ]
  ) { arguments, context in
    let variant: Variant = try arguments.choice("variant")
    return CSPNeXt(
      inChannels: try context.imageChannels(of: arguments),
      depth: { max(1, context.scale.repeats(Int((Double($0) * variant.depth).rounded(.toNearestOrEven)))) },
      width: { context.scale.exactChannels(Int(Double($0) * variant.width)) },
      strides: try arguments.mapStrides())
  }
}
