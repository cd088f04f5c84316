import Data
import Foundation
import Imaging

/// A folder that goes away with the value.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "poselab-quality-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Foundation.Data(bytes).write(to: URL(filePath: file))
  }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  /// A picture of soft shapes that depend on `seed`; its bytes.
  static func picture(width: Int = 120, height: Int = 80, seed: Int, quality: Int = 90) throws -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    for y in 0..<height {
      for x in 0..<width {
        let (u, v) = (Double(x) / Double(width), Double(y) / Double(height))
        let level =
          128 + 100 * sin(Double(seed) * 1.7 + u * Double(3 + seed % 7) * 2)
          * cos(Double(seed) + v * Double(2 + seed % 5) * 3)
        for channel in 0..<3 { pixels[(y * width + x) * 3 + channel] = UInt8(max(0, min(255, level))) }
      }
    }
    return try Image(width: width, height: height, pixels: pixels).jpeg(quality: quality)
  }

  func relative(_ text: String) -> String { text.replacingOccurrences(of: path + "/", with: "") }

  /// Every file with its bytes.
  func contents() throws -> [String: Foundation.Data] {
    var found: [String: Foundation.Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      let file = path + "/" + name
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue {
        found[name] = try Foundation.Data(contentsOf: URL(filePath: file))
      }
    }
    return found
  }
}
