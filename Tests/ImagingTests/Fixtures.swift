import Foundation
import Imaging
import Interchange

/// Where test data lie: those of the package, and the shared ones beside it if this machine has them.
enum Fixtures {
  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let folder = package.appending(path: "Tests/Fixtures")
  static let imaging = folder.appending(path: "imaging")

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

  /// A file of tensors, by its path in the folder of fixtures.
  static func tensors(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: folder.appending(path: name).path)
  }

  /// A picture, by its path in the folder of fixtures.
  static func image(_ name: String) throws -> Image {
    try Image(contentsOf: folder.appending(path: name).path)
  }

  static func json<T: Decodable>(_ type: T.Type, at url: URL) throws -> T {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(contentsOf: url))
  }
}
