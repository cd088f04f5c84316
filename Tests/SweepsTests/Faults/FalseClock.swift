import Foundation

/// The time of day that programs see, by libfaketime.
struct FalseClock {
  private let scratch: Scratch

  static let library: String? = {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []
    return folders.map { "/usr/lib/\($0)/faketime/libfaketime.so.1" }
      .first(where: FileManager.default.fileExists)
  }()

  /// - Parameter offset: such as `-3d`.
  init(_ offset: String) throws {
    scratch = try Scratch()
    try set(offset)
  }

  func set(_ offset: String) throws { try scratch.write(offset + "\n", to: "time") }

  var environment: [String: String] {
    [
      "LD_PRELOAD": Self.library ?? "", "FAKETIME_TIMESTAMP_FILE": scratch.file("time"),
      "FAKETIME_NO_CACHE": "1",
      // Only what can be set goes back.
      "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    ]
  }
}
