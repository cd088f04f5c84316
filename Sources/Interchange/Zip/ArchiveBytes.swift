internal import FileSystem

/// Where an archive's bytes are: mapped from a file, or in memory.
enum ArchiveBytes: Sendable {
  case mapped(MappedFile)
  case bytes([UInt8])

  var count: Int {
    switch self {
    case .mapped(let file): file.size
    case .bytes(let bytes): bytes.count
    }
  }

  /// Gives `body` a part of the bytes.
  ///
  /// - Precondition: `range` lies within them.
  func withBytes<Result>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    switch self {
    case .mapped(let file): try file.withBytes(range, body)
    case .bytes(let bytes):
      try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
  }
}
