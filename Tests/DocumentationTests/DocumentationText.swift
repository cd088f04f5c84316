import Foundation
import Testing

/// The README and the articles, and the code they show.
enum DocumentationText {
  struct Block: Sendable, CustomTestStringConvertible {
    var file: String
    /// Line of the opening fence, from 1.
    var line: Int
    var language: String
    var text: String

    var testDescription: String { "\(file):\(line)" }
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let catalogue = root.appending(path: "Sources/PoseLab/PoseLab.docc")

  /// Fenced blocks of one language.
  static func blocks(_ language: String) -> [Block] { all.filter { $0.language == language } }

  private static let all: [Block] = files.flatMap { file in
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    var blocks: [Block] = []
    var open: Block?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(block)
          open = nil
        } else {
          open = Block(
            file: file.lastPathComponent, line: index + 1, language: String(line.dropFirst(3)), text: "")
        }
      } else {
        open?.text += line + "\n"
      }
    }
    return blocks
  }

  private static var files: [URL] {
    let articles = FileManager.default.enumerator(at: catalogue, includingPropertiesForKeys: nil)
    let pages = (articles?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "md" }
    return [root.appending(path: "README.md")] + pages.sorted { $0.path < $1.path }
  }

  /// Every compiled snippet.
  static func snippets() throws -> [String: String] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snippets")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try String(contentsOf: folder.appending(path: $0), encoding: .utf8))
      })
  }

  /// The lines that matter: without imports, indentation and empty lines.
  static func essence(_ code: String) -> String {
    code.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty && !$0.hasPrefix("import ") }.joined(separator: "\n")
  }
}
