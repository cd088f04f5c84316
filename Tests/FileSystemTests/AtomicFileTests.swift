import FileSystem
import Foundation
import Testing

@Suite struct `Atomic files` {
  /// A fresh folder, removed afterwards.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "poselab-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private struct Interruption: Error {}

  @Test func `appear whole and leave nothing beside them`() throws {
    try withFolder { folder in
      let path = folder + "/a.bin"
      let file = try AtomicFile(path)
      try file.write([1, 2, 3])
      #expect(!FileManager.default.fileExists(atPath: path))
      try file.write("four")
      try file.commit()
      #expect(try RandomAccessFile.contents(of: path) == [1, 2, 3] + Array("four".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.bin"])
    }
  }

  @Test func `keep the previous file when writing fails half way`() throws {
    try withFolder { folder in
      let path = folder + "/a.txt"
      try AtomicFile.write("old", to: path)
      #expect(throws: Interruption.self) {
        try AtomicFile.write(to: path) { file in
          try file.write("new, but never whole")
          throw Interruption()
        }
      }
      #expect(try RandomAccessFile.contents(of: path) == Array("old".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.txt"])
    }
  }

  @Test func `keep permissions and links`() throws {
    try withFolder { folder in
      let path = folder + "/a.txt"
      try AtomicFile.write("old", to: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "a.txt")
      try AtomicFile.write("new", to: folder + "/link")
      #expect(try RandomAccessFile.contents(of: path) == Array("new".utf8))
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == "a.txt")
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o640)
    }
  }

  @Test func `remove leftovers of dead processes only`() throws {
    try withFolder { folder in
      let dead = ".best.safetensors.2147483646-0.partial"
      let mine = ".best.safetensors.\(getpid())-7.partial"
      for name in [dead, mine, ".hidden", "a.partial"] {
        try AtomicFile.write("x", to: folder + "/" + name)
      }
      #expect(AtomicFile.removeLeftovers(in: folder) == [dead])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 3)
    }
  }

  @Test func `name the missing folder`() throws {
    let error = try #require(throws: FileError.self) {
      try AtomicFile.write([1], to: "/nonexistent/folder/a.bin")
    }
    #expect(error.isMissing && !error.isDiskFull)
    #expect(
      error.description
        == "/nonexistent/folder/a.bin: cannot create a temporary file beside this file: No such file or directory"
    )
  }

  #if os(Linux)
  @Test func `tell a full disk from other failures`() throws {
    let error = try #require(throws: FileError.self) { try AtomicFile.write([1, 2], to: "/dev/full") }
    #expect(error.isDiskFull)
    #expect(error.description == "/dev/full: cannot write this file: No space left on device")
  }
  #endif

  @Test func `are read at any offset, up to their end`() throws {
    try withFolder { folder in
      let path = folder + "/a.bin"
      try AtomicFile.write(Array(0..<100), to: path)
      let file = try RandomAccessFile(path)
      #expect(file.size == 100)
      #expect(try file.read(at: 95, count: 20) == [95, 96, 97, 98, 99])
      #expect(try file.read(at: 200, count: 20) == [])
      #expect(throws: FileError(.open, path: folder, code: EISDIR)) { try RandomAccessFile(folder) }
    }
  }
}
