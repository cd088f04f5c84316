public import PoseCore

/// The optimiser and how its settings move.
public struct OptimizationOptions: Codable, Sendable, Equatable {
  /// `auto`, or a registered optimiser with its arguments.
  public var optimizer: ComponentSpec = "auto"
  /// A registered schedule with its arguments; nil is what `cosLR` names.
  public var schedule: ComponentSpec?
  /// Initial learning rate.
  public var lr0 = 0.01
  /// Final learning rate as a part of `lr0`.
  public var lrf = 0.01
  /// SGD's momentum, Adam's β₁.
  public var momentum = 0.937
  public var weightDecay = 5e-4
  public var warmupEpochs = 3.0
  public var warmupMomentum = 0.8
  /// Learning rate of biases when warm-up begins.
  public var warmupBiasLR = 0.1
  /// Images a step of the optimiser takes; gradients of smaller batches are added up to it.
  public var nbs = 64
  /// Cosine instead of linear decay of the learning rate, where no schedule is named.
  public var cosLR = false
  /// Norm to which longer gradients are cut.
  public var clipNorm = 10.0

  public init() {}

  enum CodingKeys: String, CodingKey {
    case optimizer, schedule, lr0, lrf, momentum, nbs
    case weightDecay = "weight_decay"
    case warmupEpochs = "warmup_epochs"
    case warmupMomentum = "warmup_momentum"
    case warmupBiasLR = "warmup_bias_lr"
    case cosLR = "cos_lr"
    case clipNorm = "clip_norm"
  }

  /// The schedule in force.
  public var chosenSchedule: ComponentSpec { schedule ?? (cosLR ? "cosine" : "linear") }

  /// Whether the optimiser is chosen by rule.
  public var choosesOptimizer: Bool { optimizer.name.lowercased() == "auto" }
}
