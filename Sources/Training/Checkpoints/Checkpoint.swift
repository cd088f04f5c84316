public import Interchange
public import Layers
public import PoseCore
internal import Tensor

/// A checkpoint that was opened: its weights, what they are for, and where training stood.
public struct Checkpoint {
  public let path: String
  /// Nil for weights that say nothing of their model.
  public let description: ModelDescription?
  /// The tensors.
  public let file: any TensorFile
  private let metadata: [String: String]

  /// Opens a safetensors file, or a PyTorch checkpoint of the YOLO tools.
  ///
  /// - Throws: `SafetensorsError`, `PyTorchError` and the like for a file that is missing, truncated or of another kind;
  ///   `CheckpointError` for one that holds another model than of poses.
  public init(_ path: String) throws {
    self.path = path
    file = try WeightsFile.open(path)
    metadata = (file as? SafetensorsFile)?.metadata ?? [:]
    if let model = (file as? PyTorchFile)?.model {
      description = try ModelDescription(model, path: path)
    } else {
      description = ModelDescription(metadata: metadata)
    }
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
    guard let text = metadata["training"] else { throw CheckpointError.noTrainingState(path: path) }
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
    // Before the first step the average is the model's numbers, and moments are zero.
    let hasValues = file.description(of: CheckpointWriter.prefix + "values") != nil
    let isBeginning = state.optimizerSteps == 0 && !hasValues
    let values = isBeginning ? averaged : try flat("values", count: store.values.count)
    var moments: [String: [Float]] = [:]
    for name in optimizer.state.moments.keys {
      moments[name] =
        isBeginning
        ? [Float](repeating: 0, count: store.gradients.count)
        : try flat("moment." + name, count: store.gradients.count)
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
