import Foundation

/// Where the tests' files lie.
enum TestFiles {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures")

  /// A file of the recordings that are kept beside the package because of their size; nil where they are not there.
  static func shared(_ name: String) -> String? {
    let given = ProcessInfo.processInfo.environment["POSELAB_SHARED"]
    let root = given.map { URL(filePath: $0) } ?? folder.appending(path: "../../../shared")
    let path = root.appending(path: name).standardizedFileURL.path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}
