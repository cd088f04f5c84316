internal import FileSystem
internal import Foundation
internal import Synchronization

/// Fetches files over HTTP: what is interrupted goes on where it stood, what fails is tried again, what is whole is
/// checked before it gets its name.
public final class Downloader: Sendable {
  public struct Options: Sendable {
    /// Files fetched at a time.
    public var connections = 4
    /// How often a file is tried before it is given up.
    public var attempts = 6
    /// Wait after the first failure; it doubles with each one, up to a minute.
    public var pause: Duration = .seconds(1)
    /// Longest time without a byte.
    public var patience: Duration = .seconds(60)

    public init() {}
  }

  /// A file and where it goes.
  public struct Item: Sendable {
    public var file: RemoteFile
    public var path: String
    /// Looks at the bytes before the file gets its name; an error is a failed attempt. Gets the path.
    public var check: (@Sendable (String) throws -> Void)?

    public init(_ file: RemoteFile, to path: String, check: (@Sendable (String) throws -> Void)? = nil) {
      self.file = file
      self.path = path
      self.check = check
    }
  }

  /// How far all files together are.
  public struct Progress: Sendable {
    public var files = 0
    public var fileCount: Int
    /// Bytes on disk, those of earlier runs included.
    public var bytes = 0
    /// Bytes in all; nil while some size is unknown.
    public var byteCount: Int?
  }

  private let options: Options
  private let session: HTTPSession
  private let isCancelled: @Sendable () -> Bool

  public init(options: Options = Options(), isCancelled: @escaping @Sendable () -> Bool = { false }) {
    self.options = options
    self.isCancelled = isCancelled
    session = HTTPSession(connections: options.connections)
  }

  deinit { session.close() }

  /// Fetches all files that are not there yet.
  ///
  /// One that cannot be had does not keep the others from being fetched.
  ///
  /// - Parameter progress: called from several threads, one at a time.
  /// - Returns: what could not be fetched and why, in the order of the items.
  /// - Throws: `DownloadError` where nothing more can be fetched: the disk is full, or it was cancelled.
  public func fetch(
    _ items: [Item], progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> [DownloadError] {
    let sizes = items.map(\.file.size)
    let meter = Meter(
      Progress(
        fileCount: items.count, byteCount: sizes.contains(nil) ? nil : sizes.reduce(0) { $0 + ($1 ?? 0) }),
      progress)
    let next = Atomic<Int>(0)
    let faults = Mutex<[(place: Int, error: DownloadError)]>([])
    let end = Mutex<DownloadError?>(nil)
    let team = DispatchGroup()
    for _ in 0..<max(1, min(options.connections, items.count)) {
      team.enter()
      Thread.detachNewThread { [self] in
        defer { team.leave() }
        while end.withLock({ $0 == nil }) {
          let place = next.add(1, ordering: .relaxed).oldValue
          guard place < items.count else { return }
          do throws(DownloadError) {
            try fetch(items[place], meter)
          } catch {
            if error.endsEverything {
              end.withLock { $0 = $0 ?? error }
            } else {
              faults.withLock { $0.append((place, error)) }
            }
          }
        }
      }
    }
    team.wait()
    if let error = end.withLock({ $0 }) { throw error }
    return faults.withLock { $0.sorted { $0.place < $1.place }.map(\.error) }
  }

  private func fetch(_ item: Item, _ meter: Meter) throws(DownloadError) {
    let source = item.file.url.absoluteString
    if let size = Self.size(of: item.path), item.file.size == nil || item.file.size == size {
      meter.move(item.path, to: size)
      return meter.finish()
    }
    let partial = PartialFile(item.path)
    var reason = ""
    for attempt in 0..<max(1, options.attempts) {
      if attempt > 0 { try pause(attempt, source) }
      do throws(FileError) {
        let folder = (item.path as NSString).deletingLastPathComponent
        if !folder.isEmpty {
          try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        try partial.open()
      } catch {
        throw DownloadError(source, .file(error))
      }
      switch session.run(
        HTTPTransfer(item.file, into: partial) { meter.move(item.path, to: $0) }, patience: options.patience,
        isCancelled: isCancelled)
      {
      case .complete:
        do throws(FileError) {
          guard let fault = Self.fault(in: partial, item) else {
            try partial.commit()
            return meter.finish()
          }
          reason = fault.reason
          // Bytes that are missing may still come; wrong ones do not get right.
          if !fault.isIncomplete { try partial.restart(origin: nil) }
        } catch {
          throw DownloadError(source, .file(error))
        }
      case .broken(let text): reason = text
      case .stale(let text):
        reason = text
        do throws(FileError) {
          try partial.restart(origin: nil)
        } catch {
          throw DownloadError(source, .file(error))
        }
      case .refused(let status): throw DownloadError(source, .refused(status: status))
      case .fault(let error): throw error
      }
    }
    throw DownloadError(source, .failed(attempts: max(1, options.attempts), reason: reason))
  }

  /// What is wrong with a file whose last byte seems to have come.
  private static func fault(in partial: PartialFile, _ item: Item) -> (reason: String, isIncomplete: Bool)? {
    if let size = item.file.size, partial.size != size {
      return ("\(partial.size) bytes came instead of \(size)", partial.size < size)
    }
    do {
      if let wanted = item.file.sha256 {
        let found = try SHA256Digest.of(file: partial.readablePath)
        if found != wanted { return ("its SHA-256 is \(found) instead of \(wanted)", false) }
      }
      try item.check?(partial.readablePath)
    } catch {
      return ("\(error)", false)
    }
    return nil
  }

  private func pause(_ attempt: Int, _ source: String) throws(DownloadError) {
    let length = min(options.pause * (1 << min(attempt - 1, 10)), .seconds(60))
    let end = ContinuousClock.now + length
    while ContinuousClock.now < end {
      if isCancelled() { throw DownloadError(source, .cancelled) }
      Thread.sleep(forTimeInterval: 0.02)
    }
  }

  /// Bytes of a file that is there; nil where there is none.
  static func size(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Adds up what the threads do.
  private final class Meter: Sendable {
    private struct State {
      var progress: Progress
      var sizes: [String: Int] = [:]
      var told = ContinuousClock.now - .seconds(1)
    }

    private let state: Mutex<State>
    private let tell: @Sendable (Progress) -> Void

    init(_ progress: Progress, _ tell: @escaping @Sendable (Progress) -> Void) {
      state = Mutex(State(progress: progress))
      self.tell = tell
    }

    func move(_ path: String, to size: Int) {
      state.withLock {
        $0.progress.bytes += size - ($0.sizes[path] ?? 0)
        $0.sizes[path] = size
        if ContinuousClock.now - $0.told > .milliseconds(100) { report(&$0) }
      }
    }

    func finish() {
      state.withLock {
        $0.progress.files += 1
        if $0.progress.files == $0.progress.fileCount || ContinuousClock.now - $0.told > .milliseconds(100) {
          report(&$0)
        }
      }
    }

    private func report(_ state: inout State) {
      state.told = .now
      tell(state.progress)
    }
  }
}

extension DownloadError {
  /// Whether no other file can be fetched either.
  fileprivate var endsEverything: Bool { problem == .cancelled || isDiskFull }
}
