import Foundation
import Imaging
import Sweeps
import Testing

/// Debian's Chromium, where it is installed.
private enum Chromium {
  static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    .first(where: FileManager.default.isExecutableFile)

  /// Runs it without a network.
  ///
  /// - Returns: standard output.
  static func run(_ arguments: [String], profile: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: path ?? "")
    process.arguments =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--user-data-dir=\(profile)", "--host-resolver-rules=MAP * ~NOTFOUND", "--hide-scrollbars",
      ] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }
}

@Suite(.enabled(if: Chromium.path != nil, "Chromium is not installed"))
struct `A report in a browser` {
  private func brightness(_ path: String) throws -> Double {
    let image = try Image(contentsOf: path)
    return Double(image.pixels.reduce(0) { $0 + Int($1) }) / Double(image.pixels.count)
  }

  @Test func `is whole, and light or dark as the reader likes`() throws {
    let folder = try ScratchFolder()
    try ExampleSweep.writeFiles(to: folder.path)
    try SweepReport.write(
      try ExampleSweep.grid(folder: folder.path), to: folder.path, options: .init(samples: 50))
    let page = "file://\(folder.path)/report.html"
    let document = try Chromium.run(["--dump-dom", page], profile: folder.path + "/profile")
    // What the parser made of it: nothing was moved out of its place or cut off.
    #expect(document.components(separatedBy: "<section ").count == 9)
    #expect(document.components(separatedBy: "<svg class=\"chart\"").count == 9)
    #expect(document.contains("poselab train experiment.yaml seed=0"))
    for (name, scheme, size) in [
      ("light", 1, "1200,3000"), ("dark", 0, "1200,3000"), ("narrow", 1, "420,3000"),
    ] {
      _ = try Chromium.run(
        [
          "--screenshot=\(folder.path)/\(name).png", "--window-size=\(size)",
          "--blink-settings=preferredColorScheme=\(scheme)", page,
        ], profile: folder.path + "/profile")
    }
    #expect(try brightness(folder.path + "/light.png") > 215)
    #expect(try brightness(folder.path + "/dark.png") < 60)
    #expect(try brightness(folder.path + "/narrow.png") > 200)
  }
}
