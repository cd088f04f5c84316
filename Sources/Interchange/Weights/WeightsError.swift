/// Why weights cannot be loaded into a model.
public enum WeightsError: Error, Sendable, Equatable {
  /// The file holds another model's weights.
  case mismatch(file: String, report: WeightsReport)
  /// Nothing in the file fits the model.
  case nothingFits(file: String)
  /// A number is infinite or none.
  case notFinite(file: String, tensor: String)
}

extension WeightsError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .mismatch(let file, let report):
      "\(file): these are not the weights of this model: \(report); load them as a start for transfer, which keeps "
        + "what fits, or take the model they were saved from"
    case .nothingFits(let file):
      "\(file): none of these weights fits this model; its tensors have other names or shapes"
    case .notFinite(let file, let tensor):
      "\(file): tensor '\(tensor)' holds a number that is infinite or NaN; the file is damaged or was saved from a "
        + "run that diverged"
    }
  }
}
