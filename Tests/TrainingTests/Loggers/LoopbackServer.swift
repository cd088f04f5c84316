import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// A small HTTP server on this machine whose answers a test decides.
///
/// `@unchecked Sendable`: the socket is set once; the requests are behind a lock.
final class LoopbackServer: @unchecked Sendable {
  struct Request: Sendable {
    var method: String
    /// With its query.
    var path: String
    var headers: [String: String]
    var body: [UInt8]

    var json: [String: Any] {
      (try? JSONSerialization.jsonObject(with: Foundation.Data(body)) as? [String: Any]) ?? [:]
    }
  }

  enum Answer: Sendable {
    case status(Int, String)
    /// Says nothing and keeps the connection.
    case silence
    /// Closes the connection.
    case hangUp
  }

  let port: Int
  private let listener: Int32
  private let handler: @Sendable (Request) -> Answer
  private let seen = Mutex<[Request]>([])
  private let held = Mutex<[Int32]>([])

  init(_ handler: @escaping @Sendable (Request) -> Answer) throws {
    self.handler = handler
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    listener = socket
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
      }
    }
    guard isBound, listen(socket, 16) == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread { [weak self] in
      while true {
        let connection = accept(socket, nil, nil)
        if connection < 0 { return }
        guard let self else {
          close(connection)
          return
        }
        self.serve(connection)
      }
    }.start()
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
    held.withLock { sockets in
      for one in sockets { close(one) }
      sockets = []
    }
  }

  var requests: [Request] { seen.withLock { $0 } }
  var address: String { "http://127.0.0.1:\(port)" }

  private func serve(_ connection: Int32) {
    guard let request = read(connection) else {
      close(connection)
      return
    }
    seen.withLock { $0.append(request) }
    switch handler(request) {
    case .silence: held.withLock { $0.append(connection) }
    case .hangUp: close(connection)
    case .status(let status, let body):
      let text =
        "HTTP/1.1 \(status) Said\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
        + "Connection: close\r\n\r\n\(body)"
      let bytes = Array(text.utf8)
      _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      close(connection)
    }
  }

  private func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let first = lines[0].split(separator: " ").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
          let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
          if parts.count == 2 { headers[parts[0].lowercased()] = parts[1] }
        }
        let count = headers["content-length"].flatMap { Int($0) } ?? 0
        if headers["expect"] != nil && bytes.count == end.upperBound && count > 0 {
          let go = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
          _ = send(connection, go, go.count, Int32(MSG_NOSIGNAL))
          headers["expect"] = nil
        }
        if bytes.count - end.upperBound >= count, first.count >= 2 {
          return Request(
            method: first[0], path: first[1], headers: headers,
            body: Array(bytes[end.upperBound...].prefix(count)))
        }
      }
      let got = recv(connection, &buffer, buffer.count, 0)
      if got <= 0 { return nil }
      bytes += buffer.prefix(got)
    }
  }
}
