import Downloads
import Foundation
import Synchronization
import Testing

@Suite struct `A downloader` {
  typealias Answer = LoopbackServer.Answer

  private static let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }

  private var quick: Downloader.Options {
    var options = Downloader.Options()
    options.pause = .milliseconds(5)
    options.patience = .seconds(20)
    options.attempts = 4
    return options
  }

  /// Fetches one file called `file`.
  private func fetch(
    _ server: LoopbackServer, into folder: ScratchFolder, size: Int? = nil, sha256: String? = nil,
    options: Downloader.Options? = nil
  ) throws -> DownloadError? {
    let file = RemoteFile(server.url("file"), size: size, sha256: sha256)
    return try Downloader(options: options ?? quick).fetch([.init(file, to: folder.path + "/file")]).first
  }

  @Test func `fetches several files and tells how far it is`() throws {
    let server = try LoopbackServer { .file(Array(Self.bytes.prefix(50_000 + $0.path.count)), for: $0) }
    let folder = try ScratchFolder()
    let names = (1...9).map { String(repeating: "x", count: $0) }
    let seen = Mutex<[Downloader.Progress]>([])
    let items = names.map {
      Downloader.Item(RemoteFile(server.url($0), size: 50_000 + $0.count), to: "\(folder.path)/a/\($0)")
    }
    let faults = try Downloader(options: quick).fetch(items) { progress in
      seen.withLock { $0.append(progress) }
    }
    #expect(faults.isEmpty)
    for name in names { #expect(folder.bytes("a/\(name)")?.count == 50_000 + name.count) }
    #expect(folder.files.count == 9)
    let last = try #require(seen.withLock { $0.last })
    #expect(last.files == 9 && last.fileCount == 9 && last.bytes == 450_045 && last.byteCount == 450_045)
    // What is there is not fetched again.
    #expect(try Downloader(options: quick).fetch(items).isEmpty)
    #expect(server.requests.count == 9)
  }

  @Test func `goes on where the server broke off`() throws {
    let server = try LoopbackServer { request in
      var answer = Answer.file(Self.bytes, for: request)
      if request.earlier < 2 { answer.cutAfter = 70_000 }
      return answer
    }
    let folder = try ScratchFolder()
    #expect(try fetch(server, into: folder, size: Self.bytes.count) == nil)
    #expect(folder.bytes("file") == Self.bytes)
    #expect(folder.files == ["file"])
    #expect(server.requests.map(\.rangeStart) == [nil, 70_000, 140_000])
    #expect(server.requests.last?.headers["if-range"] == "\"1\"")
  }

  @Test func `goes on with what an earlier run has left`() throws {
    let server = try LoopbackServer { request in
      var answer = Answer.file(Self.bytes, for: request)
      if request.earlier == 0 { answer.cutAfter = 150_000 }
      return answer
    }
    let folder = try ScratchFolder()
    var once = quick
    once.attempts = 1
    let fault = try #require(try fetch(server, into: folder, options: once))
    #expect(fault.description.contains("run the same command again"))
    #expect(folder.files == ["file.part", "file.part.json"])
    #expect(try fetch(server, into: folder) == nil)
    #expect(folder.bytes("file") == Self.bytes && folder.files == ["file"])
    #expect(server.requests.map(\.rangeStart) == [nil, 150_000])
  }

  @Test func `begins anew where the file has changed meanwhile`() throws {
    let other = Self.bytes.map { ~$0 }
    let server = try LoopbackServer { request in
      var answer = Answer.file(
        request.earlier == 0 ? Self.bytes : other, tag: "\"\(min(request.earlier, 1))\"", for: request)
      if request.earlier == 0 { answer.cutAfter = 90_000 }
      return answer
    }
    let folder = try ScratchFolder()
    #expect(try fetch(server, into: folder) == nil)
    #expect(folder.bytes("file") == other)
  }

  @Test func `copes with a server that knows no ranges`() throws {
    let server = try LoopbackServer { Answer(body: Self.bytes, cutAfter: $0.earlier == 0 ? 9_999 : nil) }
    let folder = try ScratchFolder()
    #expect(try fetch(server, into: folder) == nil)
    #expect(folder.bytes("file") == Self.bytes)
  }

  @Test func `does not take half a file for a whole one`() throws {
    // The stated length is more than comes, in every attempt and without ranges.
    let more = try LoopbackServer { _ in Answer(body: Self.bytes, statedLength: Self.bytes.count + 10) }
    let folder = try ScratchFolder()
    let fault = try #require(try fetch(more, into: folder))
    guard case .failed(let attempts, _) = fault.problem else { throw fault }
    #expect(attempts == 4 && more.requests.count == 4)
    #expect(folder.bytes("file") == nil)

    // It is less, and the true size is known.
    let less = try LoopbackServer { _ in Answer(body: Self.bytes, statedLength: Self.bytes.count - 10) }
    let short = try #require(try fetch(less, into: folder, size: Self.bytes.count))
    #expect(short.description.contains("199990 bytes came instead of 200000"))
    #expect(folder.bytes("file") == nil)
  }

  @Test func `refuses more bytes than a file has`() throws {
    let server = try LoopbackServer { _ in Answer(body: Self.bytes, statedLength: -1) }
    let folder = try ScratchFolder()
    let fault = try #require(try fetch(server, into: folder, size: 1_000))
    #expect(fault.description.contains("more than the 1000 bytes"))
    #expect(folder.bytes("file") == nil)
  }

  @Test func `compares checksums`() throws {
    let server = try LoopbackServer { .file(Array("abc".utf8), for: $0) }
    let folder = try ScratchFolder()
    let wrong = try #require(try fetch(server, into: folder, sha256: String(repeating: "0", count: 64)))
    #expect(wrong.description.contains("its SHA-256 is ba7816bf"))
    #expect(folder.bytes("file") == nil)
    let right = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
    #expect(try fetch(server, into: folder, sha256: right) == nil)
    #expect(folder.bytes("file") == Array("abc".utf8))
  }

  @Test func `follows redirections, but not to files`() throws {
    let server = try LoopbackServer { request in
      switch request.path {
      case "file": Answer(status: 302, headers: ["Location": "/there"])
      case "there": .file(Self.bytes, for: request)
      default: Answer(status: 302, headers: ["Location": "file:///etc/hostname"])
      }
    }
    let folder = try ScratchFolder()
    #expect(try fetch(server, into: folder) == nil)
    #expect(folder.bytes("file") == Self.bytes)
    let faults = try Downloader(options: quick).fetch([
      .init(RemoteFile(server.url("bad")), to: folder.path + "/bad")
    ])
    #expect(faults.count == 1 && folder.bytes("bad") == nil)
  }

  @Test func `names what is not there and fetches the rest`() throws {
    let server = try LoopbackServer { $0.path == "b" ? Answer(status: 404) : .file([1, 2, 3], for: $0) }
    let folder = try ScratchFolder()
    let faults = try Downloader(options: quick).fetch(
      ["a", "b", "c"].map { .init(RemoteFile(server.url($0)), to: "\(folder.path)/\($0)") })
    #expect(faults.map(\.problem) == [.refused(status: 404)])
    #expect(faults.first?.description.contains("/b: the server answers 404") == true)
    #expect(folder.bytes("a") == [1, 2, 3] && folder.bytes("c") == [1, 2, 3])
    #expect(server.requests.count { $0.path == "b" } == 1)
  }

  @Test func `tries again when a server is busy or silent`() throws {
    let server = try LoopbackServer { request in
      switch request.earlier {
      case 0: Answer(status: 503)
      case 1: Answer(delay: .seconds(2))
      default: .file(Self.bytes, for: request)
      }
    }
    let folder = try ScratchFolder()
    var hasty = quick
    hasty.patience = .milliseconds(300)
    #expect(try fetch(server, into: folder, options: hasty) == nil)
    #expect(folder.bytes("file") == Self.bytes && server.requests.count >= 3)
  }

  @Test func `stops when told to and keeps what it has`() throws {
    let server = try LoopbackServer { request in
      var answer = Answer.file(Self.bytes, for: request)
      answer.cutAfter = 50_000
      return answer
    }
    let folder = try ScratchFolder()
    var slow = quick
    slow.pause = .seconds(60)
    let isCancelled = Atomic<Bool>(false)
    let file = RemoteFile(server.url("file"))
    Thread.detachNewThread { [path = folder.path] in
      while !FileManager.default.fileExists(atPath: path + "/file.part.json") {
        Thread.sleep(forTimeInterval: 0.01)
      }
      isCancelled.store(true, ordering: .relaxed)
    }
    let downloader = Downloader(options: slow) { isCancelled.load(ordering: .relaxed) }
    #expect(throws: DownloadError(file.url.absoluteString, .cancelled)) {
      try downloader.fetch([.init(file, to: folder.path + "/file")])
    }
    #expect(folder.files == ["file.part", "file.part.json"])
  }

  @Test func `says how much is how much`() {
    #expect(
      [0, 999, 1_500, 25_000, 2_340_000, 19_336_861_798, .max].map { ByteCount($0).description }
        == ["0 bytes", "999 bytes", "2 kB", "25 kB", "2.3 MB", "19 GB", "9223372 TB"])
  }
}
