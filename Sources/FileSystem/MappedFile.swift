#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A regular file whose bytes are read where the system keeps them, without a copy.
///
/// Another process must not shorten the file meanwhile; each access finds out before it touches the bytes, as far
/// as that can be known. Replacing the file by renaming, as `AtomicFile` does, is harmless.
public final class MappedFile: Sendable {
  public let path: String
  /// Bytes in the file when it was opened.
  public let size: Int
  private let descriptor: Int32
  /// The address as a number, which is what makes it safe to share: the pages are never written.
  private let address: UInt

  /// - Throws: `FileError` if the file is missing, unreadable or no regular file.
  public init(_ path: String) throws(FileError) {
    self.path = path
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if opened < 0 { throw FileError(.open, path: path, code: errno) }
    var status = stat()
    var code: Int32?
    if fstat(opened, &status) != 0 {
      code = errno
    } else if status.st_mode & S_IFMT == S_IFDIR {
      code = EISDIR
    } else if status.st_mode & S_IFMT != S_IFREG {
      code = ENODEV
    }
    var address: UInt = 0
    if code == nil, status.st_size > 0 {
      let mapped = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, opened, 0)
      if let mapped, mapped != MAP_FAILED { address = UInt(bitPattern: mapped) } else { code = errno }
    }
    if let code {
      close(opened)
      throw FileError(.open, path: path, code: code)
    }
    descriptor = opened
    size = Int(status.st_size)
    self.address = address
  }

  deinit {
    if let start = UnsafeMutableRawPointer(bitPattern: address) { munmap(start, size) }
    close(descriptor)
  }

  /// Gives `body` the bytes of a part of the file; they must not leave it.
  ///
  /// - Precondition: the part lies in the file.
  /// - Throws: `FileError` if the file has become shorter.
  public func withBytes<Result>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= size, "MappedFile: \(range) of \(size) bytes")
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw FileError(.read, path: path, code: errno) }
    if Int(status.st_size) < range.upperBound { throw FileError(.read, path: path, code: ESTALE) }
    guard let start = UnsafeRawPointer(bitPattern: address), !range.isEmpty else {
      return try body(UnsafeRawBufferPointer(start: nil, count: 0))
    }
    return try body(UnsafeRawBufferPointer(start: start + range.lowerBound, count: range.count))
  }
}
