import Foundation
import Testing

/// A model's YAML and the whole text of what is wrong with it.
struct FaultyModel: CustomTestStringConvertible, Sendable {
  var name: String
  var yaml: String
  var expected: String

  var testDescription: String { name }

  /// Cases stand one below the other: `=== name`, the YAML, `--- expected`, the message.
  static func load() throws -> [FaultyModel] {
    let text = try String(contentsOf: Setup.fixtures.appending(path: "faults.txt"), encoding: .utf8)
    return ("\n" + text).components(separatedBy: "\n=== ").dropFirst().map { part in
      let halves = part.components(separatedBy: "--- expected\n")
      let newline = halves[0].firstIndex(of: "\n") ?? halves[0].startIndex
      return FaultyModel(
        name: String(halves[0][..<newline]), yaml: String(halves[0][halves[0].index(after: newline)...]),
        expected: halves[1].trimmingCharacters(in: .newlines))
    }
  }
}

@Suite struct `A faulty model` {
  @Test(arguments: (try? FaultyModel.load()) ?? [])
  func `is refused with a message that names place and remedy`(model: FaultyModel) throws {
    #expect(try Setup.faults(model.yaml) == model.expected)
  }
}
