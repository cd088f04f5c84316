internal import Config
public import Layers
public import PoseCore
public import Tensor

/// Feature pyramid: brings all levels to the same channels, and adds each coarser level to the next finer one.
///
/// Source: Lin et al., Feature Pyramid Networks for Object Detection, arXiv:1612.03144. Numbers have the names that
/// they have in torchvision's checkpoints: `inner_blocks.0.0`, `layer_blocks.0.0`, …
public final class FeaturePyramid: FeatureExtractor {
  public let outputs: [FeatureShape]
  private let lateral: [Convolution2D]
  private let smoothing: [Convolution2D]
  /// How much larger each level but the coarsest is than the next.
  private let factors: [Int]

  /// - Precondition: strides grow, each a multiple of the one before.
  public init(inputs: [FeatureShape], channels: Int) {
    func convolution(_ from: Int, kernel: Int) -> Convolution2D {
      let layer = Convolution2D(
        inChannels: from, outChannels: channels, kernel: kernel,
        options: ConvolutionOptions(padding: kernel / 2))
      layer.weight.initializer = .uniform(bound: (3 / Float(from * kernel * kernel)).squareRoot())
      layer.bias?.initializer = .constant(0)
      return layer
    }
    lateral = inputs.map { convolution($0.channels, kernel: 1) }
    smoothing = inputs.map { _ in convolution(channels, kernel: 3) }
    factors = zip(inputs, inputs.dropFirst()).map { $1.stride / $0.stride }
    outputs = inputs.map { FeatureShape(channels: channels, stride: $0.stride) }
  }

  public var members: [LayerMember] {
    lateral.enumerated().map { .layer("inner_blocks.\($0.offset).0", $0.element) }
      + smoothing.enumerated().map { .layer("layer_blocks.\($0.offset).0", $0.element) }
  }

  public func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> [Tensor] {
    var maps = zip(lateral, features).map { $0($1, pass) }
    for level in factors.indices.reversed() {
      maps[level] = maps[level] + maps[level + 1].upsampledNearest(factor: factors[level])
    }
    return zip(smoothing, maps).map { $0($1, pass) }
  }

  public static let component = Component<FeatureContext, any FeatureExtractor>(
    "fpn", summary: "Feature pyramid: adds each coarser level to the next finer one.",
    reference: "arXiv:1612.03144",
    parameters: [
      .init(
        "channels", .int(1...LayerContext.maximumChannels), default: 256,
        help: "of each level it gives, before the model's scale")
    ]
  ) { arguments, context in
    try context.checkLevels(of: arguments)
    return FeaturePyramid(
      inputs: context.inputs, channels: context.scale.channels(try arguments.int("channels")))
  }
}
