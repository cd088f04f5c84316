/// Why a synthetic data set was not written.
public enum SyntheticPeopleError: Error, Sendable, Equatable, CustomStringConvertible {
  /// An option or argument out of its range.
  case badOption(String)
  /// The folder holds files that this generator did not write.
  case folderInUse(path: String)
  /// The folder holds a synthetic data set made with other options, or part of one.
  case otherDataset(path: String, reason: String)

  public var description: String {
    switch self {
    case .badOption(let text): text
    case .folderInUse(let path):
      "\(path): this folder is not empty and holds no synthetic data set; choose another output folder"
    case .otherDataset(let path, let reason):
      "\(path): this folder holds another synthetic data set (\(reason)); remove it or choose another output folder"
    }
  }
}
