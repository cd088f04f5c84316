internal import FileSystem

/// An open safetensors file: its header is read and checked at once, a tensor's bytes when they are asked for.
///
/// Format: huggingface.co/docs/safetensors. Stricter than the format's own reader: duplicate keys are errors.
/// Nothing is mapped into memory, so a file that shrinks while it is open is an error, never a crash.
public final class SafetensorsFile: Sendable {
  /// The path, or the name given to bytes in memory; errors begin with it.
  public let path: String
  private let source: ByteSource
  private let header: SafetensorsHeader
  private let dataStart: Int

  /// Opens a file and checks its header.
  public convenience init(path: String) throws(SafetensorsError) {
    let file: RandomAccessFile
    do {
      file = try RandomAccessFile(path)
    } catch {
      throw SafetensorsError(file: path, problem: .file(error))
    }
    try self.init(source: .file(file), size: file.size, path: path)
  }

  /// Reads a file's content that is in memory.
  ///
  /// - Parameter name: what errors call it.
  public convenience init(bytes: [UInt8], name: String) throws(SafetensorsError) {
    try self.init(source: .bytes(bytes), size: bytes.count, path: name)
  }

  private init(source: ByteSource, size: Int, path: String) throws(SafetensorsError) {
    self.source = source
    self.path = path
    func need(_ count: Int) throws(SafetensorsError) {
      guard size >= count else {
        throw SafetensorsError(file: path, problem: .truncated(needed: count, available: size))
      }
    }
    try need(8)
    let prefix = try source.read(at: 0, count: 8, path: path)
    let length = prefix.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= SafetensorsHeader.maximumSize else {
      throw SafetensorsError(file: path, problem: .headerTooLarge(length))
    }
    dataStart = 8 + Int(length)
    try need(dataStart)
    let json = try source.read(at: 8, count: Int(length), path: path)
    header = try SafetensorsHeader(json: json, dataSize: size - dataStart, file: path)
  }

  /// The file's free text entries.
  public var metadata: [String: String] { header.metadata }

  /// The tensors, in the order of their bytes.
  public var names: [String] { header.names }

  /// Element type and shape of a tensor; nil if the file has none of that name.
  public func description(of name: String) -> (type: ElementType, shape: [Int])? {
    header.entries[name].map { ($0.type, $0.shape) }
  }

  /// A tensor's raw bytes: little endian, C order.
  public func tensor(named name: String) throws(SafetensorsError) -> (
    type: ElementType, shape: [Int], bytes: [UInt8]
  ) {
    let entry = try entry(named: name)
    let bytes = try source.read(at: dataStart + entry.begin, count: entry.end - entry.begin, path: path)
    return (entry.type, entry.shape, bytes)
  }

  /// Copies a tensor's raw bytes into memory of the caller's.
  ///
  /// - Parameter buffer: exactly as many bytes as the tensor has.
  public func read(_ name: String, into buffer: UnsafeMutableRawBufferPointer) throws(SafetensorsError) {
    let entry = try entry(named: name)
    guard buffer.count == entry.end - entry.begin else {
      let problem = SafetensorsError.Problem.wrongByteCount(
        expected: entry.end - entry.begin, found: buffer.count)
      throw SafetensorsError(file: path, tensor: name, problem: problem)
    }
    try source.read(at: dataStart + entry.begin, into: buffer, path: path)
  }

  private func entry(named name: String) throws(SafetensorsError) -> SafetensorsHeader.Entry {
    guard let entry = header.entries[name] else {
      throw SafetensorsError(file: path, tensor: name, problem: .noSuchTensor)
    }
    return entry
  }
}

/// Where a file's bytes come from.
private enum ByteSource: Sendable {
  case file(RandomAccessFile)
  case bytes([UInt8])

  func read(at offset: Int, count: Int, path: String) throws(SafetensorsError) -> [UInt8] {
    switch self {
    case .bytes(let bytes): return Array(bytes[offset..<offset + count])
    case .file(let file):
      let bytes: [UInt8]
      do {
        bytes = try file.read(at: offset, count: count)
      } catch {
        throw SafetensorsError(file: path, problem: .file(error))
      }
      try check(bytes.count, of: count, at: offset, path: path)
      return bytes
    }
  }

  func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer, path: String
  ) throws(SafetensorsError) {
    switch self {
    case .bytes(let bytes):
      bytes.withUnsafeBytes { buffer.copyMemory(from: .init(rebasing: $0[offset..<offset + buffer.count])) }
    case .file(let file):
      let count: Int
      do {
        count = try file.read(at: offset, into: buffer)
      } catch {
        throw SafetensorsError(file: path, problem: .file(error))
      }
      try check(count, of: buffer.count, at: offset, path: path)
    }
  }

  private func check(_ count: Int, of wanted: Int, at offset: Int, path: String) throws(SafetensorsError) {
    guard count == wanted else {
      throw SafetensorsError(
        file: path, problem: .truncated(needed: offset + wanted, available: offset + count))
    }
  }
}
