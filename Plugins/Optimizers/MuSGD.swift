public import Layers
public import PoseCore
internal import Tensor

/// SGD for everything, and for matrices a part of Muon's orthogonal update besides.
///
/// A weight of two or more axes takes w ← w - η a · update, then a step of SGD with the rate η b; all else steps of SGD
/// alone. `optimizer=auto` of the YOLO tools takes it for long runs since 2026; those also triple the rate of the class
/// branches, which this does not.
///
/// Sources: Jordan et al., Muon: An Optimizer for Hidden Layers, 2024; the optimiser of the YOLO26 models.
public final class MuSGD: Optimizer {
  public let name = "musgd"
  public var groups: [Parameter.Role: OptimizerGroup]
  /// a.
  public let muon: Double
  /// b.
  public let sgd: Double
  private let updates: OrthogonalMomentum
  private let store: ParameterStore
  private let momentum: Tensor
  private let velocity: Tensor
  private var stepCount = 0

  public init(
    _ context: OptimizerContext, muon: Double = 0.2, sgd: Double = 1, nesterov: Bool = true,
    iterations: Int = 5
  ) {
    store = context.store
    groups = context.groups
    self.muon = muon
    self.sgd = sgd
    updates = OrthogonalMomentum(nesterov: nesterov, iterations: iterations)
    momentum = Tensor(zeros: store.gradients.shape, on: store.device)
    velocity = Tensor(zeros: store.gradients.shape, on: store.device)
  }

  public func step(gradientScale: Float) {
    let engine = store.device.engine
    for (parameter, range) in store.trainedParameters {
      guard let group = groups[parameter.role] else { continue }
      let (weights, gradients) = (store.values.run(range), store.gradients.run(range))
      var rate = group.learningRate
      if parameter.role == .weight, parameter.shape.count > 1 {
        let rows = parameter.shape[0]
        let update = updates.update(
          (rows: rows, columns: parameter.count / rows), gradient: gradients, scale: gradientScale,
          momentum: momentum.run(range), beta: Float(group.momentum))
        engine.affine(update, scale: Float(-rate * muon * parameter.updateScale), offset: 0, to: update)
        engine.accumulate(update, into: weights)
        rate *= sgd
      }
      engine.sgdStep(
        SGDStep(
          gradientScale: gradientScale, learningRate: Float(rate), momentum: Float(group.momentum),
          decay: Float(group.decay), nesterov: updates.nesterov, isFirst: stepCount == 0),
        weights: weights, gradients: gradients, momentum: velocity.run(range))
    }
    stepCount += 1
    store.markChanged()
  }

  public var state: OptimizerState {
    get {
      OptimizerState(
        stepCount: stepCount, moments: ["first": momentum.copyToHost(), "momentum": velocity.copyToHost()])
    }
    set {
      stepCount = newValue.stepCount
      momentum.assign(newValue.moments["first"])
      velocity.assign(newValue.moments["momentum"])
    }
  }
}

extension Parameter {
  /// √max(1, rows / columns) of the last two axes: of a convolution, its window, so 1 for square ones.
  fileprivate var updateScale: Double {
    let form = shape.suffix(2).map(Double.init)
    return max(1, form[0] / form[1]).squareRoot()
  }
}

extension MuSGD {
  /// `musgd`.
  public static let component = Component<OptimizerContext, any Optimizer>(
    "musgd", aliases: ["MuSGD"], summary: "SGD, and for matrices a part of Muon's orthogonal update besides.",
    reference: "Jordan et al., Muon: An Optimizer for Hidden Layers, 2024; the optimiser of YOLO26",
    parameters: [
      .init("muon", .float(0...100), default: 0.2, help: "rate of the orthogonal update, as a part of lr0"),
      .init("sgd", .float(0...100), default: 1.0, help: "rate of SGD's step of matrices, as a part of lr0"),
      .init("nesterov", .bool, default: true, help: "look ahead along the momentum"),
      .init("ns_steps", .int(1...50), default: 5, help: "Newton-Schulz iterations", aliases: ["iterations"]),
    ]
  ) { arguments, context in
    MuSGD(
      context, muon: try arguments.double("muon"), sgd: try arguments.double("sgd"),
      nesterov: try arguments.bool("nesterov"), iterations: try arguments.int("ns_steps"))
  }
}
