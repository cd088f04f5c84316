import Foundation

/// Files that tests read.
enum Fixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures")

  static func data(_ path: String) throws -> Data { try Data(contentsOf: folder.appending(path: path)) }
}
