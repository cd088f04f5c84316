public import Layers
public import PoseCore
internal import Tensor

/// Stochastic gradient descent with momentum, by default Nesterov's.
///
/// v ← μ v + g + λ w, then w ← w - η (g + λ w + μ v), or w ← w - η v without Nesterov. The first step takes
/// v = g + λ w.
///
/// Source: Sutskever et al., On the Importance of Initialization and Momentum in Deep Learning, ICML 2013.
public final class SGD: Optimizer {
  public let name = "sgd"
  public var groups: [Parameter.Role: OptimizerGroup]
  public let nesterov: Bool
  private let store: ParameterStore
  private let velocity: Tensor
  private var stepCount = 0

  public init(_ context: OptimizerContext, nesterov: Bool = true) {
    store = context.store
    groups = context.groups
    self.nesterov = nesterov
    velocity = Tensor(zeros: store.gradients.shape, on: store.device)
  }

  public func step(gradientScale: Float) {
    for (role, group) in groups {
      let step = SGDStep(
        gradientScale: gradientScale, learningRate: Float(group.learningRate),
        momentum: Float(group.momentum),
        decay: Float(group.decay), nesterov: nesterov, isFirst: stepCount == 0)
      for range in store.trainedRanges(of: role) {
        store.device.engine.sgdStep(
          step, weights: store.values.run(range), gradients: store.gradients.run(range),
          momentum: velocity.run(range))
      }
    }
    stepCount += 1
    store.markChanged()
  }

  public var state: OptimizerState {
    get { OptimizerState(stepCount: stepCount, moments: ["momentum": velocity.copyToHost()]) }
    set {
      stepCount = newValue.stepCount
      velocity.assign(newValue.moments["momentum"])
    }
  }
}

extension SGD {
  public static let component = Component<OptimizerContext, any Optimizer>(
    "sgd", aliases: ["SGD"], summary: "Stochastic gradient descent with momentum.",
    reference: "Sutskever et al., ICML 2013",
    parameters: [.init("nesterov", .bool, default: true, help: "look ahead along the momentum")]
  ) { arguments, context in
    SGD(context, nesterov: try arguments.bool("nesterov"))
  }
}
