import Foundation
import Synchronization

/// A server of HTTP on the loopback address that answers as a test wants, badly if need be.
final class LoopbackServer: Sendable {
  struct Request: Sendable {
    var path: String
    /// By names in small letters.
    var headers: [String: String]
    /// How many requests for this path came before.
    var earlier: Int

    /// The first byte that is asked for.
    var rangeStart: Int? {
      headers["range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) }
    }
  }

  struct Answer: Sendable {
    var status = 200
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// `Content-Length`, where it is not the truth; -1 leaves it out.
    var statedLength: Int?
    /// How much of the body is sent before the connection is cut.
    var cutAfter: Int?
    /// Says nothing for so long first.
    var delay: Duration = .zero

    /// A file as a well-behaved server gives it, ranges included.
    static func file(_ bytes: [UInt8], tag: String = "\"1\"", for request: Request) -> Answer {
      var answer = Answer(headers: ["ETag": tag, "Accept-Ranges": "bytes"], body: bytes)
      let isSame = request.headers["if-range"].map { $0 == tag } ?? true
      if let start = request.rangeStart, isSame {
        guard start < bytes.count else {
          return Answer(status: 416, headers: ["Content-Range": "bytes */\(bytes.count)"])
        }
        answer.status = 206
        answer.headers["Content-Range"] = "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"
        answer.body = Array(bytes[start...])
      }
      return answer
    }
  }

  let port: UInt16
  private let listener: Int32
  private let answer: @Sendable (Request) -> Answer
  private let seen = Mutex<[Request]>([])

  init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
    self.answer = answer
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
    Thread.detachNewThread { [listener, weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        Thread.detachNewThread { [self] in
          self?.serve(connection)
          close(connection)
        }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// All requests so far.
  var requests: [Request] { seen.withLock { $0 } }

  func url(_ path: String) -> URL { URL(string: "http://127.0.0.1:\(port)/\(path)") ?? URL(filePath: "/") }

  private func serve(_ connection: Int32) {
    var head: [UInt8] = []
    var byte: UInt8 = 0
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      guard head.count < 65_536, recv(connection, &byte, 1, 0) == 1 else { return }
      head.append(byte)
    }
    let lines = String(decoding: head, as: UTF8.self).split(whereSeparator: \.isNewline)
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
        in: .whitespaces)
    }
    let path = String((lines.first?.split(separator: " ").dropFirst().first ?? "/").dropFirst())
    let request = seen.withLock { seen in
      let request = Request(path: path, headers: headers, earlier: seen.count { $0.path == path })
      seen.append(request)
      return request
    }
    send(answer(request), on: connection)
  }

  private func send(_ answer: Answer, on connection: Int32) {
    let pause = answer.delay.components
    if answer.delay > .zero {
      Thread.sleep(forTimeInterval: Double(pause.seconds) + Double(pause.attoseconds) * 1e-18)
    }
    var text = "HTTP/1.1 \(answer.status) Answer\r\nConnection: close\r\n"
    let length = answer.statedLength ?? answer.body.count
    if length >= 0 { text += "Content-Length: \(length)\r\n" }
    for (name, value) in answer.headers { text += "\(name): \(value)\r\n" }
    let bytes = Array((text + "\r\n").utf8) + answer.body.prefix(answer.cutAfter ?? answer.body.count)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}

/// A folder that goes when the value goes.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/poselab-downloads-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// All files below, by their paths.
  var files: [String] {
    (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).filter {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: path + "/" + $0, isDirectory: &isFolder)
      return !isFolder.boolValue
    }.sorted()
  }

  func bytes(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path + "/" + name).map { [UInt8]($0) }
  }
}
