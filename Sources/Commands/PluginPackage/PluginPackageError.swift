internal import Config

/// Why no package can be written: each is the user's to mend.
package enum PluginPackageError: Error, Equatable {
  case badName(String, proposal: String?)
  case takenName(String)
  case folderInUse(String)
  case notAFolder(String)
  case unknownPoseLab
  case noPoseLab(at: String)
  case versionOfFolder
  case versionAndBranch
}

extension PluginPackageError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badName(let name, let proposal):
      "'\(name)' cannot name a Swift module: it must begin with a capital letter and hold letters, digits and '_' "
        + "alone, 64 at most" + (proposal.map { "; did you mean '\($0)'?" } ?? "")
    case .takenName(let name):
      "the name '\(name)' is taken by Swift or PoseLab; take another, such as 'My\(name)'"
    case .folderInUse(let folder): "'\(folder)' is not empty; name a new or empty folder with --directory"
    case .notAFolder(let path): "'\(path)' is a file; name a new or empty folder with --directory"
    case .unknownPoseLab:
      "the PoseLab that this program was built from is not here; name its folder or URL: "
        + "--poselab ../PoseLab, or --poselab https://example.org/PoseLab.git --from 1.0.0"
    case .noPoseLab(let path): "--poselab: there is no package of PoseLab in '\(path)'"
    case .versionOfFolder: "--from and --branch go with a URL; a folder is taken as it is"
    case .versionAndBranch: "give --from or --branch, not both"
    }
  }
}
