public import Layers
internal import Tensor

/// What to do with weights that do not all fit.
public enum WeightsFit: Sendable {
  /// Every tensor of the model must be in the file and the other way round.
  case strict
  /// Takes what has the same name and shape: for other numbers of classes or keypoints, or another neck.
  case transfer
}

extension ParameterStore {
  /// What names of a checkpoint's training state begin with; loading weights passes it over.
  public static let trainingPrefix = "training."

  /// Loads parameters and running statistics from a file by their names.
  ///
  /// Counters of batches (`num_batches_tracked`) are passed over, constants are checked for their shape alone. The
  /// store changes only if everything could be read.
  ///
  /// - Parameter prefix: what the file's names have before the model's.
  /// - Returns: what was loaded and what was not.
  /// - Throws: `WeightsError`, and what reading the file throws.
  @discardableResult
  public func load(
    _ file: any TensorFile, fit: WeightsFit = .strict, prefix: String = ""
  ) throws -> WeightsReport {
    let report = compare(with: file, prefix: prefix)
    if fit == .strict, !report.isComplete {
      throw WeightsError.mismatch(file: file.path, report: report)
    }
    guard !report.loaded.isEmpty else { throw WeightsError.nothingFits(file: file.path) }
    var numbers = values.copyToHost()
    for name in report.loaded {
      guard let offset = offset(of: name) else { continue }
      let tensor = try file.floats(named: prefix + name).values
      guard tensor.allSatisfy(\.isFinite) else {
        throw WeightsError.notFinite(file: file.path, tensor: prefix + name)
      }
      numbers.replaceSubrange(offset..<(offset + tensor.count), with: tensor)
    }
    numbers.withUnsafeBufferPointer { values.copyFromHost($0) }
    markChanged()
    return report
  }

  /// How a file's tensors fit this model.
  public func compare(with file: any TensorFile, prefix: String = "") -> WeightsReport {
    var report = WeightsReport()
    var known: Set<String> = []
    for state in states {
      known.insert(prefix + state.path)
      let found = file.description(of: prefix + state.path)
      if let found, found.shape != state.shape {
        report.misshapen.append(.init(name: state.path, found: found.shape, wanted: state.shape))
      } else if state.isConstant {
        continue
      } else if found == nil {
        report.missing.append(state.path)
      } else {
        report.loaded.append(state.path)
      }
    }
    report.unexpected = file.names.filter {
      $0.hasPrefix(prefix) && !known.contains($0) && !$0.hasSuffix(".num_batches_tracked")
        && !$0.hasPrefix(Self.trainingPrefix)
    }.sorted()
    return report
  }
}

extension NamedState {
  fileprivate var isConstant: Bool {
    if case .parameter(let parameter) = kind { parameter.isConstant } else { false }
  }
}
