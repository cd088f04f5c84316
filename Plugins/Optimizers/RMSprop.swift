public import Layers
public import PoseCore
internal import Tensor

/// Steps divided by the root of a running mean of squared gradients, with momentum.
///
/// v ← α v + (1 - α)(g + λ w)², u ← μ u + (g + λ w) / (√v + ε), w ← w - η u. Centred, v is the variance instead.
///
/// Sources: Hinton, Neural Networks for Machine Learning, lecture 6e; Graves, arXiv:1308.0850 (centred).
public final class RMSprop: Optimizer {
  public let name = "rmsprop"
  public var groups: [Parameter.Role: OptimizerGroup]
  public let alpha: Double
  public let epsilon: Double
  private let store: ParameterStore
  private let velocity: Tensor
  private let squares: Tensor
  private let mean: Tensor?
  private var stepCount = 0

  public init(
    _ context: OptimizerContext, alpha: Double = 0.99, epsilon: Double = 1e-8, centered: Bool = false
  ) {
    store = context.store
    groups = context.groups
    self.alpha = alpha
    self.epsilon = epsilon
    func zeros() -> Tensor { Tensor(zeros: context.store.gradients.shape, on: context.store.device) }
    velocity = zeros()
    squares = zeros()
    mean = centered ? zeros() : nil
  }

  public func step(gradientScale: Float) {
    stepCount += 1
    for (role, group) in groups {
      let step = RMSpropStep(
        gradientScale: gradientScale, learningRate: Float(group.learningRate),
        momentum: Float(group.momentum),
        smoothing: Float(alpha), epsilon: Float(epsilon), decay: Float(group.decay))
      for range in store.trainedRanges(of: role) {
        store.device.engine.rmspropStep(
          step, weights: store.values.run(range), gradients: store.gradients.run(range),
          velocity: velocity.run(range), squares: squares.run(range), mean: mean?.run(range))
      }
    }
    store.markChanged()
  }

  public var state: OptimizerState {
    get {
      var moments = ["momentum": velocity.copyToHost(), "second": squares.copyToHost()]
      if let mean { moments["first"] = mean.copyToHost() }
      return OptimizerState(stepCount: stepCount, moments: moments)
    }
    set {
      stepCount = newValue.stepCount
      velocity.assign(newValue.moments["momentum"])
      squares.assign(newValue.moments["second"])
      mean?.assign(newValue.moments["first"])
    }
  }
}

extension RMSprop {
  public static let component = Component<OptimizerContext, any Optimizer>(
    "rmsprop", aliases: ["RMSProp", "RMSprop"],
    summary: "Gradients divided by the root of their mean square, with momentum.",
    reference: "Hinton, Neural Networks for Machine Learning, lecture 6e",
    parameters: [
      .init("alpha", .float(0...0.999_999), default: 0.99, help: "how slowly the mean square moves"),
      .init(
        "epsilon", .float(above: 0), default: 1e-8, help: "added to the root of the mean square",
        aliases: ["eps"]),
      .init(
        "centered", .bool, default: false, help: "divide by the deviation instead of the mean square's root"),
    ]
  ) { arguments, context in
    RMSprop(
      context, alpha: try arguments.double("alpha"), epsilon: try arguments.double("epsilon"),
      centered: try arguments.bool("centered"))
  }
}
