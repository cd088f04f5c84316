import Foundation
import PoseCore
import PoseLab

/// Where the tests' files lie, and what they need over and over.
enum Fixtures {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  static let specs = root + "/Tests/Fixtures/specs"

  static func registry() throws -> Registry { try Registry.standard() }

  /// Names of the files in `folder` with that ending, without it.
  static func names(in folder: String, ending: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return all.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }
}
