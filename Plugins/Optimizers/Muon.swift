public import Layers
public import PoseCore
internal import Tensor

/// Momentum made orthogonal, matrix by matrix; what is no matrix takes steps of another optimiser.
///
/// A weight of `[out, …]` is a matrix of `out` rows. m ← μ m + (1 - μ) g; the update is m, or μ m + (1 - μ) g with
/// Nesterov's look ahead, orthogonalised by Newton–Schulz iterations; w ← w (1 - η λ) - η s · update, with a factor s
/// for the matrix's form. Weights of a single row or column, biases and normalisation scales have AdamW or SGD.
///
/// Sources: Jordan et al., Muon: An Optimizer for Hidden Layers, 2024; Liu et al., Muon is Scalable for LLM Training,
/// arXiv:2502.16982 (`match_rms_adamw`).
///
/// The iterations run in single precision; the published code runs them in bfloat16.
public final class Muon: Optimizer {
  /// What takes the steps of all that is no matrix.
  public enum Fallback: String, Sendable, CaseIterable {
    case adamw
    case sgd
  }

  /// How long an update is.
  public enum Scaling: String, Sendable, CaseIterable {
    /// √max(1, rows / columns).
    case original
    /// 0.2 √max(rows, columns): as long as AdamW's, so that its learning rates serve.
    case matchAdamW = "match_rms_adamw"
  }

  public struct Options: Sendable, Equatable {
    public var nesterov = true
    /// Newton–Schulz iterations.
    public var iterations = 5
    public var scaling = Scaling.original
    public var fallback = Fallback.adamw
    /// Learning rate of the fallback as a part of the matrices'.
    public var fallbackRate = 0.1
    public var beta2 = 0.95
    public var epsilon = 1e-8

    public init() {}
  }

  public let name = "muon"
  public var groups: [Parameter.Role: OptimizerGroup]
  public let options: Options
  private let beta1: [Parameter.Role: Double]
  private let store: ParameterStore
  /// Momentum of matrices; first moment or velocity of the others.
  private let momentum: Tensor
  /// Second moment of the others, with AdamW.
  private let second: Tensor?
  private var stepCount = 0

  public init(_ context: OptimizerContext, _ options: Options = Options()) {
    store = context.store
    groups = context.groups
    beta1 = context.groups.mapValues(\.momentum)
    self.options = options
    momentum = Tensor(zeros: store.gradients.shape, on: store.device)
    second = options.fallback == .adamw ? Tensor(zeros: store.gradients.shape, on: store.device) : nil
  }

  public func step(gradientScale: Float) {
    stepCount += 1
    for (parameter, range) in store.trainedParameters {
      guard let group = groups[parameter.role] else { continue }
      if let matrix = parameter.matrix {
        step(matrix, range, group, gradientScale)
      } else {
        fallbackStep(range, group, beta1: beta1[parameter.role] ?? group.momentum, gradientScale)
      }
    }
    store.markChanged()
  }

  private func step(
    _ matrix: (rows: Int, columns: Int), _ range: Range<Int>, _ group: OptimizerGroup, _ gradientScale: Float
  ) {
    let engine = store.device.engine
    let update = OrthogonalMomentum(nesterov: options.nesterov, iterations: options.iterations).update(
      matrix, gradient: store.gradients.run(range), scale: gradientScale, momentum: momentum.run(range),
      beta: Float(group.momentum))
    let factor =
      switch options.scaling {
      case .original: max(1, Double(matrix.rows) / Double(matrix.columns)).squareRoot()
      case .matchAdamW: 0.2 * Double(max(matrix.rows, matrix.columns)).squareRoot()
      }
    let weights = store.values.run(range)
    engine.affine(weights, scale: Float(1 - group.learningRate * group.decay), offset: 0, to: weights)
    engine.affine(update, scale: Float(-group.learningRate * factor), offset: 0, to: update)
    engine.accumulate(update, into: weights)
  }

  private func fallbackStep(
    _ range: Range<Int>, _ group: OptimizerGroup, beta1: Double, _ gradientScale: Float
  ) {
    let rate = group.learningRate * options.fallbackRate
    let engine = store.device.engine
    let (weights, gradients) = (store.values.run(range), store.gradients.run(range))
    if let second {
      engine.adamStep(
        AdamStep(
          gradientScale: gradientScale, learningRate: rate, beta1: beta1, beta2: options.beta2,
          epsilon: options.epsilon, decay: group.decay, decoupled: true, step: stepCount),
        weights: weights, gradients: gradients, first: momentum.run(range), second: second.run(range))
    } else {
      engine.sgdStep(
        SGDStep(
          gradientScale: gradientScale, learningRate: Float(rate), momentum: Float(group.momentum),
          decay: Float(group.decay), nesterov: options.nesterov, isFirst: stepCount == 1),
        weights: weights, gradients: gradients, momentum: momentum.run(range))
    }
  }

  public var state: OptimizerState {
    get {
      var moments = ["momentum": momentum.copyToHost()]
      if let second { moments["second"] = second.copyToHost() }
      return OptimizerState(stepCount: stepCount, moments: moments)
    }
    set {
      stepCount = newValue.stepCount
      momentum.assign(newValue.moments["momentum"])
      second?.assign(newValue.moments["second"])
    }
  }
}

extension Parameter {
  /// Rows and columns of a weight seen as a matrix; nil for vectors.
  fileprivate var matrix: (rows: Int, columns: Int)? {
    guard role == .weight, shape.count > 1, let rows = shape.first, rows > 1 else { return nil }
    let columns = count / rows
    return columns > 1 ? (rows, columns) : nil
  }
}
