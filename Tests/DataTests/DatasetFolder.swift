import Config
import Data
import Foundation
import Imaging

/// A small data set on disk that goes away with the value.
final class DatasetFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "poselab-data-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file below the folder, whose own folder now exists.
  func file(_ name: String) throws -> String {
    let file = path + "/" + name
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return file
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Foundation.Data(bytes).write(to: URL(filePath: try file(name)))
  }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  /// A picture whose bytes depend on `seed`.
  func picture(_ name: String, width: Int = 40, height: Int = 20, seed: Int = 1) throws {
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    for index in pixels.indices { pixels[index] = UInt8(truncatingIfNeeded: index &* (seed &+ 7) / 5) }
    try Image(width: width, height: height, pixels: pixels).write(to: try file(name), durable: false)
  }

  /// Two keypoints an object, named, so that nothing is to be warned of.
  static let plainYAML = """
    train: images/train
    val: images/val
    kpt_shape: [2, 3]
    kpt_names: [left_ear, right_ear]
    kpt_oks_sigmas: [0.1, 0.1]
    names: [fox, hen]

    """

  func spec(_ yaml: String = plainYAML) throws -> DatasetSpec {
    try write("data.yaml", yaml)
    return try DatasetSpec(contentsOf: path + "/data.yaml")
  }

  /// Text without the folder's own name.
  func relative(_ text: String) -> String { text.replacingOccurrences(of: path + "/", with: "") }

  /// What `body` throws as text, without the folder's own name.
  func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was thrown"
    } catch {
      return relative("\(error)")
    }
  }
}
