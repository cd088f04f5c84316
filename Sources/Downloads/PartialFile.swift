internal import FileSystem
internal import Foundation

/// A download under way: its bytes so far, and what the server said of the file they are from.
///
/// Beside `file` lie `file.part` and `file.part.json` until it is whole. Bytes are only added to those of the same
/// version of the file, as the server's validator tells.
final class PartialFile {
  /// What the bytes belong to.
  struct Origin: Codable, Equatable {
    var url: String
    /// A strong entity tag or a date of change.
    var validator: String?
  }

  let path: String
  private(set) var size = 0
  private(set) var origin: Origin?
  private var descriptor: Int32 = -1

  private var bytesPath: String { path + ".part" }
  private var originPath: String { path + ".part.json" }

  init(_ path: String) { self.path = path }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Opens what an earlier attempt has left.
  func open() throws(FileError) {
    descriptor = Foundation.open(bytesPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(.open, path: bytesPath, code: errno) }
    origin = (try? Data(contentsOf: URL(filePath: originPath))).flatMap {
      try? JSONDecoder().decode(Origin.self, from: $0)
    }
    let end = lseek(descriptor, 0, SEEK_END)
    size = origin == nil ? 0 : Int(end)
    if size == 0 { try restart(origin: nil) }
  }

  /// Throws away the bytes so far; those that come are of another origin.
  func restart(origin: Origin?) throws(FileError) {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw FileError(.write, path: bytesPath, code: errno)
    }
    size = 0
    self.origin = origin
    if let origin, let data = try? JSONEncoder().encode(origin) {
      try AtomicFile.write([UInt8](data), to: originPath, durable: false)
    }
  }

  func append(_ data: Data) throws(FileError) {
    var offset = 0
    while offset < data.count {
      let written = data.withUnsafeBytes { bytes in
        Foundation.write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
      }
      if written < 0 {
        if errno == EINTR { continue }
        throw FileError(.write, path: bytesPath, code: errno)
      }
      offset += written
      size += written
    }
  }

  /// Where its bytes can be read before it has its name.
  var readablePath: String { bytesPath }

  /// Gives the file its name.
  func commit() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw FileError(.sync, path: bytesPath, code: errno) }
    close(descriptor)
    descriptor = -1
    guard rename(bytesPath, path) == 0 else { throw FileError(.rename, path: path, code: errno) }
    unlink(originPath)
  }
}
