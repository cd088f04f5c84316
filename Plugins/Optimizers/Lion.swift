public import Layers
public import PoseCore
internal import Tensor

/// Steps of equal length for every number, along the sign of a mix of momentum and gradient.
///
/// w ← w - η (sign(β₁ m + (1 - β₁) g) + λ w), then m ← β₂ m + (1 - β₂) g. β₁ is the momentum its groups had when it
/// was built. Its learning rates are some ten times smaller than Adam's, its decays as much larger.
///
/// Source: Chen et al., Symbolic Discovery of Optimization Algorithms, arXiv:2302.06675.
public final class Lion: Optimizer {
  public let name = "lion"
  public var groups: [Parameter.Role: OptimizerGroup]
  public let beta2: Double
  private let beta1: [Parameter.Role: Double]
  private let store: ParameterStore
  private let momentum: Tensor
  private var stepCount = 0

  public init(_ context: OptimizerContext, beta2: Double = 0.99) {
    store = context.store
    groups = context.groups
    beta1 = context.groups.mapValues(\.momentum)
    self.beta2 = beta2
    momentum = Tensor(zeros: store.gradients.shape, on: store.device)
  }

  public func step(gradientScale: Float) {
    stepCount += 1
    for (role, group) in groups {
      let step = LionStep(
        gradientScale: gradientScale, learningRate: Float(group.learningRate),
        beta1: Float(beta1[role] ?? group.momentum), beta2: Float(beta2), decay: Float(group.decay))
      for range in store.trainedRanges(of: role) {
        store.device.engine.lionStep(
          step, weights: store.values.run(range), gradients: store.gradients.run(range),
          momentum: momentum.run(range))
      }
    }
    store.markChanged()
  }

  public var state: OptimizerState {
    get { OptimizerState(stepCount: stepCount, moments: ["momentum": momentum.copyToHost()]) }
    set {
      stepCount = newValue.stepCount
      momentum.assign(newValue.moments["momentum"])
    }
  }
}

extension Lion {
  public static let component = Component<OptimizerContext, any Optimizer>(
    "lion", aliases: ["Lion"], summary: "Steps along the sign of momentum and gradient; wants a small lr0.",
    reference: "Chen et al., arXiv:2302.06675",
    parameters: [.init("beta2", .float(0...0.999_999), default: 0.99, help: "how slowly the momentum moves")]
  ) { arguments, context in Lion(context, beta2: try arguments.double("beta2")) }
}
