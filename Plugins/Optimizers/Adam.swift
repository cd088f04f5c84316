public import Layers
public import PoseCore
internal import Tensor

/// Adam, with weight decay in the gradient (`adam`) or beside it (`adamw`).
///
/// β₁ is the momentum its groups had when it was built: warm-up does not move it, as in the reference.
///
/// Sources: Kingma and Ba, Adam, arXiv:1412.6980; Loshchilov and Hutter, Decoupled Weight Decay Regularization,
/// arXiv:1711.05101.
public final class Adam: Optimizer {
  public let name: String
  public var groups: [Parameter.Role: OptimizerGroup]
  private let beta1: [Parameter.Role: Double]
  private let beta2: Double
  private let epsilon: Double
  private let decoupled: Bool
  private let store: ParameterStore
  private let first: Tensor
  private let second: Tensor
  private var stepCount = 0

  public init(_ context: OptimizerContext, decoupled: Bool, beta2: Double = 0.999, epsilon: Double = 1e-8) {
    name = decoupled ? "adamw" : "adam"
    store = context.store
    groups = context.groups
    beta1 = context.groups.mapValues(\.momentum)
    self.beta2 = beta2
    self.epsilon = epsilon
    self.decoupled = decoupled
    first = Tensor(zeros: store.gradients.shape, on: store.device)
    second = Tensor(zeros: store.gradients.shape, on: store.device)
  }

  public func step(gradientScale: Float) {
    stepCount += 1
    for (role, group) in groups {
      let step = AdamStep(
        gradientScale: gradientScale, learningRate: group.learningRate, beta1: beta1[role] ?? group.momentum,
        beta2: beta2, epsilon: epsilon, decay: group.decay, decoupled: decoupled, step: stepCount)
      for range in store.trainedRanges(of: role) {
        store.device.engine.adamStep(
          step, weights: store.values.run(range), gradients: store.gradients.run(range),
          first: first.run(range),
          second: second.run(range))
      }
    }
    store.markChanged()
  }

  public var state: OptimizerState {
    get {
      OptimizerState(
        stepCount: stepCount, moments: ["first": first.copyToHost(), "second": second.copyToHost()])
    }
    set {
      stepCount = newValue.stepCount
      first.assign(newValue.moments["first"])
      second.assign(newValue.moments["second"])
    }
  }
}

extension Adam {
  private static let parameters: [ParameterDeclaration] = [
    .init("beta2", .float(0...0.999_999), default: 0.999, help: "how slowly the second moment moves"),
    .init(
      "epsilon", .float(above: 0), default: 1e-8, help: "added to the root of the second moment",
      aliases: ["eps"]),
  ]

  public static let component = Component<OptimizerContext, any Optimizer>(
    "adam", aliases: ["Adam"], summary: "Adam with weight decay in the gradient.",
    reference: "Kingma and Ba, arXiv:1412.6980", parameters: parameters
  ) { arguments, context in
    Adam(
      context, decoupled: false, beta2: try arguments.double("beta2"),
      epsilon: try arguments.double("epsilon"))
  }

  public static let decoupledComponent = Component<OptimizerContext, any Optimizer>(
    "adamw", aliases: ["AdamW"], summary: "Adam with decoupled weight decay.",
    reference: "Loshchilov and Hutter, arXiv:1711.05101", parameters: parameters
  ) { arguments, context in
    Adam(
      context, decoupled: true, beta2: try arguments.double("beta2"),
      epsilon: try arguments.double("epsilon"))
  }
}
