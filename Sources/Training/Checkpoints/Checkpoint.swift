public import Interchange
public import Layers
public import PoseCore
internal import Tensor

/// A checkpoint that was opened: its weights, what they are for, and where training stood.
public struct Checkpoint {
  public let path: String
  /// Nil for weights that PoseLab did not write.
  public let description: ModelDescription?
  private let file: SafetensorsFile

  /// - Throws: `SafetensorsError` for a file that is missing, truncated or of another kind.
  public init(_ path: String) throws(SafetensorsError) {
    self.path = path
    file = try SafetensorsFile(path: path)
    description = ModelDescription(metadata: file.metadata)
  }

  /// The weights as one flat tensor in the order of `store`, which keeps its own constants.
  ///
  /// - Throws: `WeightsError` unless the file holds exactly this model's tensors.
  public func weights(for store: ParameterStore) throws -> [Float] {
    let report = store.compare(with: file)
    guard report.isComplete else { throw WeightsError.mismatch(file: path, report: report) }
    var numbers = store.values.copyToHost()
    for name in report.loaded {
      guard let offset = store.offset(of: name) else { continue }
      let values = try file.floats(named: name).values
      numbers.replaceSubrange(offset..<(offset + values.count), with: values)
    }
    return numbers
  }

  /// Where training stood.
  ///
  /// - Throws: `CheckpointError` if the file has weights alone.
  public func loopState() throws -> LoopState {
    guard let text = file.metadata["training"] else { throw CheckpointError.noTrainingState(path: path) }
    do {
      return try LoopState(json: text)
    } catch {
      throw CheckpointError.badTrainingState(path: path, reason: "\(error)")
    }
  }

  /// Puts a training back where it was when the file was written.
  ///
  /// - Returns: the loop's state; gradients since the last step are in the store if there were any.
  /// - Throws: before anything has changed.
  public func restore(
    store: ParameterStore, average: ExponentialMovingAverage, optimizer: any Optimizer
  ) throws -> LoopState {
    let state = try loopState()
    guard state.optimizer == optimizer.name else {
      throw CheckpointError.otherOptimizer(path: path, found: state.optimizer, wanted: optimizer.name)
    }
    let averaged = try weights(for: store)
    let values = try flat("values", count: store.values.count)
    var moments: [String: [Float]] = [:]
    for name in optimizer.state.moments.keys {
      moments[name] = try flat("moment." + name, count: store.gradients.count)
    }
    let hasGradients = file.description(of: CheckpointWriter.prefix + "gradients") != nil
    let gradients = hasGradients ? try flat("gradients", count: store.gradients.count) : []

    values.withUnsafeBufferPointer { store.values.copyFromHost($0) }
    average.restore(averaged, updates: state.averageUpdates)
    optimizer.state = OptimizerState(stepCount: state.optimizerSteps, moments: moments)
    store.clearGradients()
    if hasGradients {
      gradients.withUnsafeBufferPointer { store.gradients.copyFromHost($0) }
      for case .parameter(let parameter) in store.states.map(\.kind) where parameter.isTrained {
        parameter.storage?.gradient.isClear = false
      }
    }
    store.markChanged()
    return state
  }

  private func flat(_ name: String, count: Int) throws -> [Float] {
    let (_, values) = try file.floats(named: CheckpointWriter.prefix + name)
    guard values.count == count else {
      throw CheckpointError.badTrainingState(
        path: path, reason: "'\(name)' has \(values.count) numbers instead of \(count)")
    }
    return values
  }
}
