import FileSystem
import Foundation
import Testing

@Suite struct `Files read at any offset` {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "poselab-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func message(_ path: String) -> String {
    do {
      return "\(try RandomAccessFile.contents(of: path))"
    } catch {
      return error.reason
    }
  }

  @Test(.timeLimit(.minutes(1))) func `are no pipes, which nobody may ever write to`() throws {
    try withFolder { folder in
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      #expect(message(folder + "/pipe") == "it is no regular file")
      #expect(throws: FileError.self) { try MappedFile(folder + "/pipe") }
      #expect(message(folder) == "Is a directory")
    }
  }

  @Test func `are empty where a device has no end`() {
    #expect(message("/dev/zero") == "[]" && message("/dev/null") == "[]")
  }
}
