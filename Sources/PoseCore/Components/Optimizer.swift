public import Layers

/// Moves a model's parameters along their gradients.
public protocol Optimizer: AnyObject {
  var name: String { get }
  /// Settings of each role of parameter, changed by warm-up and schedule before each step.
  var groups: [Parameter.Role: OptimizerGroup] { get set }
  /// One step over all trained parameters of its store; gradients are multiplied by `gradientScale` first.
  func step(gradientScale: Float)
  /// Flat tensors (as long as the store's gradients) and counts to be saved with a checkpoint.
  var state: OptimizerState { get set }
}

/// Settings of one group of parameters.
public struct OptimizerGroup: Sendable, Equatable, Codable {
  public var learningRate: Double
  public var momentum: Double
  public var decay: Double

  public init(learningRate: Double, momentum: Double, decay: Double) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.decay = decay
  }
}

/// What an optimiser remembers between steps.
public struct OptimizerState: Sendable {
  public var stepCount: Int
  /// By name: `momentum`, or `first` and `second`.
  public var moments: [String: [Float]]

  public init(stepCount: Int, moments: [String: [Float]]) {
    self.stepCount = stepCount
    self.moments = moments
  }
}

/// What an optimiser is built for.
public struct OptimizerContext {
  public var store: ParameterStore
  public var groups: [Parameter.Role: OptimizerGroup]

  public init(store: ParameterStore, groups: [Parameter.Role: OptimizerGroup]) {
    self.store = store
    self.groups = groups
  }
}
