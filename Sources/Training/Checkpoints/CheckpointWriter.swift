internal import Interchange
public import Layers
public import PoseCore
internal import Tensor

/// Writes checkpoints: the averaged weights under the names of the reference, and in `last` also all that training
/// needs to go on. One file holds it all, so that a run that is killed has the old checkpoint or the new one.
///
/// Training tensors are flat and named `training.…`; whoever wants weights alone leaves them out.
public struct CheckpointWriter {
  public var description: ModelDescription
  private let store: ParameterStore

  /// What names of training tensors begin with.
  public static let prefix = ParameterStore.trainingPrefix

  public init(_ description: ModelDescription, store: ParameterStore) {
    self.description = description
    self.store = store
  }

  /// Averaged weights alone.
  ///
  /// - Parameter extra: further metadata.
  public func writeWeights(
    _ average: ExponentialMovingAverage, to path: String, extra: [String: String] = [:]
  ) throws {
    var writer = SafetensorsWriter(metadata: try metadata(extra))
    store.add(to: &writer, values: average.average)
    try writer.write(to: path)
  }

  /// Everything.
  ///
  /// - Parameter holdsGradients: gradients of batches since the last step are to be kept.
  public func write(
    _ average: ExponentialMovingAverage, optimizer: any Optimizer, state: LoopState, holdsGradients: Bool,
    to path: String
  ) throws {
    var state = state
    let optimizerState = optimizer.state
    state.averageUpdates = average.updates
    state.optimizer = optimizer.name
    state.optimizerSteps = optimizerState.stepCount
    var writer = SafetensorsWriter(metadata: try metadata(["training": try state.json]))
    store.add(to: &writer, values: average.average)
    writer.add(Self.prefix + "values", store.values)
    for (name, numbers) in optimizerState.moments {
      writer.add(Self.prefix + "moment." + name, shape: [numbers.count], floats: numbers)
    }
    if holdsGradients {
      writer.add(Self.prefix + "gradients", store.gradients)
    }
    try writer.write(to: path)
  }

  /// A run's beginning: weights alone, for before the first step the average is the model's numbers, and moments are zero.
  ///
  /// - Returns: what reads nothing but the average, so that it may be written while the model runs.
  func beginning(
    _ average: ExponentialMovingAverage, optimizer: any Optimizer, state: LoopState
  ) throws -> SafetensorsWriter {
    var state = state
    state.optimizer = optimizer.name
    var writer = SafetensorsWriter(metadata: try metadata(["training": try state.json]))
    store.add(to: &writer, values: average.average)
    return writer
  }

  private func metadata(_ extra: [String: String]) throws -> [String: String] {
    try description.metadata.merging(extra) { $1 }
  }
}
