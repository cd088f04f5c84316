/// Why a checkpoint cannot be used.
public enum CheckpointError: Error, Sendable, Equatable {
  /// Weights alone: nothing to continue from.
  case noTrainingState(path: String)
  case badTrainingState(path: String, reason: String)
  /// The run was made with another optimiser.
  case otherOptimizer(path: String, found: String, wanted: String)
  /// Of another task.
  case otherModel(path: String, found: String)
}

extension CheckpointError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noTrainingState(let path):
      "\(path): holds weights alone, so no training can be resumed from it; resume from last.safetensors"
    case .badTrainingState(let path, let reason): "\(path): its training state is damaged: \(reason)"
    case .otherModel(let path, let found):
      "\(path): holds \(found), not a pose model; to begin with its weights, give a pose model's YAML as model=, and"
        + " this as pretrained="
    case .otherOptimizer(let path, let found, let wanted):
      "\(path): was trained with the optimiser '\(found)', but '\(wanted)' is to continue"
    }
  }
}
