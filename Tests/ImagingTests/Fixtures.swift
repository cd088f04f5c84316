import Foundation

/// Where test data lie: those of the package, and the shared ones beside it if this machine has them.
enum Fixtures {
  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let imaging = package.appending(path: "Tests/Fixtures/imaging")

  /// The shared folder, or `nil`.
  static let shared: URL? = {
    let given = ProcessInfo.processInfo.environment["POSELAB_SHARED"].map { URL(filePath: $0) }
    let folder = given ?? package.deletingLastPathComponent().appending(path: "shared")
    return FileManager.default.fileExists(atPath: folder.appending(path: "fixtures").path) ? folder : nil
  }()

  static func path(_ name: String) -> String { imaging.appending(path: name).path }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: imaging.appending(path: name)))
  }

  static func json<T: Decodable>(_ type: T.Type, at url: URL) throws -> T {
    try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }
}
