#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A file open for reading at any offset.
///
/// Safe to use from several threads: reads carry their own offset.
public final class RandomAccessFile: Sendable {
  public let path: String
  /// Bytes in the file when it was opened.
  public let size: Int
  private let descriptor: Int32

  /// - Throws: `FileError` if the file is missing, unreadable, a folder, a pipe or a socket. Pipes are not waited for.
  public init(_ path: String) throws(FileError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0 { throw FileError(.open, path: path, code: errno) }
    var status = stat()
    var failure: Int32?
    if fstat(descriptor, &status) != 0 {
      failure = errno
    } else {
      switch status.st_mode & S_IFMT {
      case S_IFDIR: failure = EISDIR
      case S_IFIFO, S_IFSOCK: failure = ENODEV
      default: break
      }
    }
    if let failure {
      close(descriptor)
      throw FileError(.open, path: path, code: failure)
    }
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Reads into `buffer`, starting `offset` bytes into the file.
  ///
  /// - Returns: how many bytes were read; fewer than asked for only at the end of the file.
  public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    var total = 0
    while total < buffer.count, let base = buffer.baseAddress {
      let count = pread(descriptor, base + total, buffer.count - total, off_t(offset + total))
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(.read, path: path, code: errno)
      }
      if count == 0 { break }
      total += count
    }
    return total
  }

  /// Reads `count` bytes from `offset`, or fewer at the end of the file.
  public func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    let wanted = max(0, min(count, size - offset))
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
      do throws(FileError) {
        initialized = try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// The whole file.
  public static func contents(of path: String) throws(FileError) -> [UInt8] {
    let file = try RandomAccessFile(path)
    return try file.read(at: 0, count: file.size)
  }
}
