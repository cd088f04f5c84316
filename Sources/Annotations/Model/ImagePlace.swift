internal import Foundation

/// Finds image files.
enum ImagePlace {
  /// The file of that name in one of the folders, by its whole name or its last part.
  static func find(_ name: String, in folders: [String]) -> String? {
    let last = (name as NSString).lastPathComponent
    for folder in folders {
      for candidate in ["\(folder)/\(name)", "\(folder)/\(last)"]
      where FileManager.default.fileExists(atPath: candidate) {
        return candidate
      }
    }
    return nil
  }
}
