internal import FileSystem
internal import Foundation

/// A file of records that grows: TensorFlow's TFRecord form.
///
/// Each record is its length (8 bytes, little-endian), the length's masked checksum (4), the bytes, and their masked
/// checksum (4). A record is whole or not there: what a full disk leaves of one is taken back. The last record of a
/// killed process may be cut off, which readers see and stop at.
final class RecordFile {
  let path: String
  private let descriptor: Int32
  private var size = 0

  /// Makes a new file.
  ///
  /// - Throws: `FileError`, also where there is a file of that name.
  init(_ path: String) throws(FileError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw FileError(.open, path: path, code: errno) }
  }

  deinit { close(descriptor) }

  func append(_ record: [UInt8]) throws(FileError) {
    let length = Self.bytes(UInt64(record.count))
    var rest = (length + Self.bytes(CRC32C(length).masked) + record + Self.bytes(CRC32C(record).masked))[...]
    let whole = rest.count
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        let code = errno
        if code == EINTR { continue }
        _ = ftruncate(descriptor, off_t(size))
        _ = lseek(descriptor, off_t(size), SEEK_SET)
        throw FileError(.write, path: path, code: code)
      }
      rest = rest.dropFirst(written)
    }
    size += whole
  }

  private static func bytes(_ number: some FixedWidthInteger & BitwiseCopyable) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
