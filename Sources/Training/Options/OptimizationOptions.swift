/// The optimiser and how its settings move.
public struct OptimizationOptions: Codable, Sendable, Equatable {
  /// `auto`, or a registered optimiser.
  public var optimizer = "auto"
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
  /// Cosine instead of linear decay of the learning rate.
  public var cosLR = false
  /// Norm to which longer gradients are cut.
  public var clipNorm = 10.0

  public init() {}

  enum CodingKeys: String, CodingKey {
    case optimizer, lr0, lrf, momentum, nbs
    case weightDecay = "weight_decay"
    case warmupEpochs = "warmup_epochs"
    case warmupMomentum = "warmup_momentum"
    case warmupBiasLR = "warmup_bias_lr"
    case cosLR = "cos_lr"
    case clipNorm = "clip_norm"
  }

  /// The registered schedule that `cosLR` names.
  public var scheduleName: String { cosLR ? "cosine" : "linear" }
}
