#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A lock that one process at a time holds on a file; the system frees it when the process ends, however it ends.
///
/// The file stays behind with the number of its last holder, which says nothing about whether it still runs.
public final class FileLock: Sendable {
  public let path: String
  private let descriptor: Int32

  /// Another process holds the lock.
  public struct Held: Error, Sendable, Equatable {
    public let path: String
    /// Its process number, if it could be read.
    public let process: Int?
  }

  /// Takes the lock.
  ///
  /// - Throws: `Held` if it is taken, `FileError` if the file cannot be made.
  public init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw FileError(.open, path: path, code: errno) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      let holder = code == EWOULDBLOCK ? FileLock.holder(descriptor) : nil
      close(descriptor)
      if code == EWOULDBLOCK { throw Held(path: path, process: holder) }
      throw FileError(.open, path: path, code: code)
    }
    let text = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit { close(descriptor) }

  private static func holder(_ descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int(String(decoding: bytes[..<count].prefix { $0 != 0x0A }, as: UTF8.self))
  }
}
