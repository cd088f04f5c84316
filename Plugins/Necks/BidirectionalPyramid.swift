public import Layers
public import PoseCore
public import Tensor

/// Bidirectional feature pyramid (BiFPN): several rounds from the coarsest level to the finest and back, where every
/// meeting of maps has learned weights.
///
/// Source: Tan et al., EfficientDet, arXiv:1911.09070. Takes and gives the levels that the backbone has, where
/// EfficientDet makes two coarser ones of its own. Checkpoint names `lateral.0`, …, `rounds.0.down.0`,
/// `rounds.0.up.1`, …, where the number is that of the level.
public final class BidirectionalPyramid: FeatureExtractor {
  public let outputs: [FeatureShape]
  private let lateral: [ConvolutionBlock]
  private let rounds: [Round]

  /// Once down and up again.
  private final class Round: ParameterOwner {
    /// By level; nil for the coarsest, and for the finest, whose node gives an output.
    private let down: [FusionNode?]
    /// By level.
    private let up: [FusionNode]
    private let factors: [Int]

    init(factors: [Int], channels: Int) {
      let last = factors.count
      self.factors = factors
      down = (0...last).map { $0 == 0 || $0 == last ? nil : FusionNode(inputs: 2, channels: channels) }
      up = (0...last).map { FusionNode(inputs: $0 == 0 || $0 == last ? 2 : 3, channels: channels) }
    }

    var members: [LayerMember] {
      down.enumerated().compactMap { level, node in node.map { .layer("down.\(level)", $0) } }
        + LayerMember.list("up", up)
    }

    func callAsFunction(_ inputs: [Tensor], _ pass: ForwardPass) -> [Tensor] {
      // On the way down: level by level, from the coarsest.
      var middle = inputs
      for level in factors.indices.reversed() {
        if let node = down[level] {
          middle[level] = node([inputs[level], enlarged(middle[level + 1], level)], pass)
        }
      }
      var results = [up[0]([inputs[0], enlarged(middle[1], 0)], pass)]
      for level in inputs.indices.dropFirst() {
        let finer = reduced(results[level - 1], level - 1)
        let maps =
          level == factors.count ? [inputs[level], finer] : [inputs[level], middle[level], finer]
        results.append(up[level](maps, pass))
      }
      return results
    }

    private func enlarged(_ map: Tensor, _ level: Int) -> Tensor {
      map.upsampledNearest(factor: factors[level])
    }

    private func reduced(_ map: Tensor, _ level: Int) -> Tensor {
      let factor = factors[level]
      return map.maxPooled(kernel: 2 * factor - 1, stride: factor, padding: factor - 1)
    }
  }

  /// - Parameter repeats: how often it goes down and up; levels alone are only brought to `channels`.
  /// - Precondition: strides grow, each a multiple of the one before.
  public init(inputs: [FeatureShape], channels: Int, repeats: Int) {
    lateral = inputs.map { .projection($0.channels, channels) }
    let factors = zip(inputs, inputs.dropFirst()).map { $1.stride / $0.stride }
    rounds = factors.isEmpty ? [] : (0..<repeats).map { _ in Round(factors: factors, channels: channels) }
    outputs = inputs.map { FeatureShape(channels: channels, stride: $0.stride) }
  }

  public var members: [LayerMember] {
    LayerMember.list("lateral", lateral) + LayerMember.list("rounds", rounds)
  }

  public func callAsFunction(_ features: [Tensor], _ pass: ForwardPass) -> [Tensor] {
    rounds.reduce(zip(lateral, features).map { $0($1, pass) }) { $1($0, pass) }
  }

  public static let component = Component<FeatureContext, any FeatureExtractor>(
    "bifpn", summary: "Bidirectional feature pyramid with weighted fusion (EfficientDet).",
    reference: "arXiv:1911.09070",
    parameters: [
      .init(
        "channels", .int(1...LayerContext.maximumChannels), default: 64,
        help: "of each level it gives, before the model's scale"),
      .init(
        "repeats", .int(1...RecipeEntry.maximumRepeats), default: 3,
        help: "how often it goes down and up, before the model's scale"),
    ]
  ) { arguments, context in
    try context.checkLevels(of: arguments)
    return BidirectionalPyramid(
      inputs: context.inputs, channels: context.scale.channels(try arguments.int("channels")),
      repeats: context.scale.repeats(try arguments.int("repeats")))
  }
}
