internal import FileSystem
internal import Foundation
internal import FoundationNetworking
internal import Synchronization

/// One request whose answer goes into a partial file. Its session's delegate calls it from one thread.
final class HTTPTransfer: @unchecked Sendable {
  /// How it ended.
  enum Outcome: Sendable {
    /// All that the server wanted to send has come.
    case complete
    /// Nothing has been lost; the same request may do better.
    case broken(String)
    /// The bytes on disk are not of the file that the server has now, or more than it should have.
    case stale(String)
    case refused(status: Int)
    case fault(DownloadError)
  }

  private struct State {
    var outcome: Outcome?
    /// Bytes that have come, for noticing a server that sends nothing more.
    var beats = 0
  }

  private let file: RemoteFile
  private let partial: PartialFile
  /// Bytes in the partial file at the request.
  private let start: Int
  private let note: @Sendable (Int) -> Void
  private let state = Mutex(State())
  private let ended = DispatchSemaphore(value: 0)

  /// - Parameter note: told how many bytes the partial file has.
  init(_ file: RemoteFile, into partial: PartialFile, note: @escaping @Sendable (Int) -> Void) {
    self.file = file
    self.partial = partial
    self.note = note
    start = partial.size
  }

  var request: URLRequest {
    var request = URLRequest(url: file.url)
    // Sizes and ranges are those of the bytes as they lie on the server.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    if start > 0 {
      request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range")
      if let validator = partial.origin?.validator {
        request.setValue(validator, forHTTPHeaderField: "If-Range")
      }
    }
    return request
  }

  /// Waits for the end.
  ///
  /// - Parameters:
  ///   - patience: longest time in which no byte comes.
  ///   - isCancelled: asked several times a second.
  func wait(
    for task: URLSessionDataTask, patience: Duration, isCancelled: () -> Bool
  ) -> Outcome {
    var (beats, since) = (0, ContinuousClock.now)
    while ended.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
      let count = state.withLock { $0.beats }
      if count != beats { (beats, since) = (count, .now) }
      if isCancelled() {
        end(.fault(DownloadError(file.url.absoluteString, .cancelled)))
        task.cancel()
      } else if ContinuousClock.now - since > patience {
        end(.broken("no answer for \(patience.components.seconds) seconds"))
        task.cancel()
      } else {
        continue
      }
      break
    }
    return state.withLock { $0.outcome ?? .broken("the connection ended") }
  }

  /// The first outcome stays.
  private func end(_ outcome: Outcome) {
    state.withLock { if $0.outcome == nil { $0.outcome = outcome } }
  }

  private var isOpen: Bool { state.withLock { $0.outcome == nil } }

  // What the session tells

  /// - Returns: whether to follow.
  func mayFollow(to target: URL?) -> Bool {
    let scheme = target?.scheme?.lowercased()
    if scheme == "https" || (scheme == "http" && file.url.scheme?.lowercased() == "http") { return true }
    end(
      .fault(
        DownloadError(file.url.absoluteString, .unsafeRedirection(target?.absoluteString ?? "nowhere"))))
    return false
  }

  /// - Returns: whether the body is wanted.
  func receive(_ response: URLResponse) -> Bool {
    guard let answer = response as? HTTPURLResponse, mayFollow(to: answer.url) else { return false }
    do throws(FileError) {
      switch answer.statusCode {
      case 200:
        try partial.restart(origin: .init(url: file.url.absoluteString, validator: Self.validator(answer)))
      case 206:
        let range = answer.value(forHTTPHeaderField: "Content-Range").flatMap(ContentRange.init)
        guard let range, range.first == start else {
          end(.stale("the server sent another part of the file than asked for"))
          return false
        }
      case 416: end(.stale("the server has less of the file than was there before"))
      case 408, 425, 429, 500...599: end(.broken("the server answers \(answer.statusCode)"))
      default: end(.refused(status: answer.statusCode))
      }
    } catch {
      end(.fault(DownloadError(file.url.absoluteString, .file(error))))
    }
    return isOpen
  }

  func receive(_ data: Data) {
    guard isOpen else { return }
    if let size = file.size, partial.size + data.count > size {
      return end(.stale("the server sends more than the \(size) bytes the file has"))
    }
    do throws(FileError) {
      try partial.append(data)
    } catch {
      return end(.fault(DownloadError(file.url.absoluteString, .file(error))))
    }
    state.withLock { $0.beats += 1 }
    note(partial.size)
  }

  func finish(_ error: (any Error)?) {
    if let error {
      end(.broken((error as NSError).localizedDescription))
    } else {
      end(.complete)
    }
    ended.signal()
  }

  /// Whether what comes later is known to be of the same file.
  private static func validator(_ answer: HTTPURLResponse) -> String? {
    if let tag = answer.value(forHTTPHeaderField: "ETag"), !tag.hasPrefix("W/") { return tag }
    return answer.value(forHTTPHeaderField: "Last-Modified")
  }
}

/// `Content-Range: bytes first-last/total`.
private struct ContentRange {
  var first: Int

  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes",
      let first = words[1].split(separator: "-").first.flatMap({ Int($0) })
    else { return nil }
    self.first = first
  }
}
