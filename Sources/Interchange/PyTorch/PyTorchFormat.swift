internal import FileSystem

/// Tells by its first bytes what a file that should be PyTorch's is.
enum PyTorchFormat {
  static let probeSize = 64

  /// Why a file is no zip archive of PyTorch's; nil where it may be one.
  static func problem(path: String) throws(ZipError) -> PyTorchError.Problem? {
    do throws(FileError) {
      return problem(beginning: try RandomAccessFile(path).read(at: 0, count: probeSize)[...])
    } catch {
      throw ZipError(file: path, problem: .file(error))
    }
  }

  static func problem(beginning bytes: ArraySlice<UInt8>) -> PyTorchError.Problem? {
    let bytes = Array(bytes)
    if bytes.isEmpty { return .empty }
    if bytes.starts(with: [0x50, 0x4B]) { return nil }
    // The format's magic number as a pickle, with protocol 2 as a rule.
    let magic: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    if bytes.first == 0x80, bytes.dropFirst(2).starts(with: magic) { return .legacyFormat }
    if bytes.first == 0x80, bytes.count > 1, bytes[1] <= 5 { return .barePickle }
    let text = String(decoding: bytes.prefix(40).prefix { (0x20..<0x7F).contains($0) }, as: UTF8.self)
    return .notPyTorch(beginning: text.count >= 4 ? text : nil)
  }
}
