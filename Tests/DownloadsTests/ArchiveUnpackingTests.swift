import Downloads
import Foundation
import Interchange
import Testing

@Suite struct `Unpacking an archive` {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .appending(path: "Fixtures/downloads").path

  private func archive(_ entries: [(String, [UInt8])], in folder: ScratchFolder) throws -> String {
    var writer = ZipWriter()
    for (name, bytes) in entries { writer.add(name, bytes: bytes) }
    let path = folder.path + "/a.zip"
    try writer.write(to: path)
    return path
  }

  /// Writes an archive with every `from` exchanged for as many bytes.
  private func exchange(_ from: String, _ to: String, in path: String) throws {
    var bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    let (from, to) = (Array(from.utf8), Array(to.utf8))
    for start in 0...(bytes.count - from.count) where bytes[start..<(start + from.count)].elementsEqual(from)
    {
      bytes.replaceSubrange(start..<(start + from.count), with: to)
    }
    try Data(bytes).write(to: URL(filePath: path))
  }

  @Test func `makes the files that are wanted and not there yet`() throws {
    let folder = try ScratchFolder()
    let path = try archive(
      [("train/a.jpg", [1, 2]), ("train/", []), ("train/b.jpg", [3]), ("val/c.jpg", [4])], in: folder)
    let target = folder.path + "/out"
    var told: [Int] = []
    let count = try ArchiveUnpacking(path).unpack(
      to: target, where: { $0.hasPrefix("train/") }, progress: { done, _ in told.append(done) })
    #expect(count == 2 && told == [1, 2])
    #expect(folder.files == ["a.zip", "out/train/a.jpg", "out/train/b.jpg"])
    #expect(folder.bytes("out/train/a.jpg") == [1, 2])
    told = []
    try ArchiveUnpacking(path).unpack(to: target, progress: { done, _ in told.append(done) })
    #expect(told == [3] && folder.bytes("out/val/c.jpg") == [4])
  }

  @Test func `unpacks what is compressed, within its limit`() throws {
    let folder = try ScratchFolder()
    let path = Self.fixtures + "/zeros.zip"
    #expect(throws: DownloadError.self) {
      try ArchiveUnpacking(path, byteLimit: 100_000).unpack(to: folder.path)
    }
    #expect(folder.files.isEmpty)
    try ArchiveUnpacking(path).unpack(to: folder.path)
    #expect(folder.bytes("folder/zeros.bin") == [UInt8](repeating: 0, count: 1_000_000))
  }

  @Test(arguments: [
    ("aa/x", "../x"), ("aaaaa/x", "/tmp//x"), ("a/aa/x", "a/../x"), ("aa/x", "a\\.x"), ("aa/x", "C:/x"),
  ])
  func `refuses names that leave the folder`(plain: String, hostile: String) throws {
    let folder = try ScratchFolder()
    let path = try archive([("fine", [1]), (plain, [2])], in: folder)
    try exchange(plain, hostile, in: path)
    let fault = #expect(throws: DownloadError.self) {
      try ArchiveUnpacking(path).unpack(to: folder.path + "/out")
    }
    #expect(fault?.description.contains("a name that could leave the folder") == true)
    #expect(folder.files == ["a.zip"])
  }

  @Test func `refuses links, and does not write through them`() throws {
    let folder = try ScratchFolder()
    #expect(throws: DownloadError.self) {
      try ArchiveUnpacking(Self.fixtures + "/link.zip").unpack(to: folder.path + "/out")
    }
    #expect(folder.files.isEmpty)

    let path = try archive([("sub/x", [2])], in: folder)
    for name in ["out", "elsewhere"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/out/sub", withDestinationPath: folder.path + "/elsewhere")
    let fault = #expect(throws: DownloadError.self) {
      try ArchiveUnpacking(path).unpack(to: folder.path + "/out")
    }
    #expect(fault?.description.contains("leads out of the folder") == true)
    #expect(folder.bytes("elsewhere/x") == nil)
  }

  @Test func `refuses damaged archives and leaves no half files`() throws {
    let folder = try ScratchFolder()
    let content = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let path = try archive([("x", content)], in: folder)
    var bytes = try #require(folder.bytes("a.zip"))
    bytes[1000] ^= 4
    try Data(bytes).write(to: URL(filePath: path))
    #expect(throws: DownloadError.self) { try ArchiveUnpacking(path).unpack(to: folder.path + "/out") }
    try Data(bytes.prefix(3000)).write(to: URL(filePath: path))
    #expect(throws: DownloadError.self) { try ArchiveUnpacking(path).unpack(to: folder.path + "/out") }
    #expect(folder.files == ["a.zip"])
  }
}
