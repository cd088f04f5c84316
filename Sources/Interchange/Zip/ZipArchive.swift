internal import FileSystem

/// An open zip archive whose entries are stored as they are, the kind that PyTorch writes.
///
/// All records are read and checked at once: each entry lies within the file, overlaps no other, has one name only
/// and the same in both of its records. Nothing is ever unpacked to a file. Compressed entries are refused, so
/// that an archive cannot hold more than its own size. Because entries are stored, their bytes are used where the
/// file is mapped.
///
/// Format: PKWARE APPNOTE 6.3, Zip64 end records included.
package final class ZipArchive: Sendable {
  /// The path, or the name given to bytes in memory; errors begin with it.
  package let path: String
  /// Bytes of the whole file.
  package var size: Int { source.count }
  /// The entries in the order of the archive's directory; folders end with a slash.
  package let names: [String]
  private let entries: [String: ZipDirectory.Entry]
  private let source: ArchiveBytes

  /// Maps a file and checks its records.
  package convenience init(path: String) throws {
    let file: MappedFile
    do {
      file = try MappedFile(path)
    } catch {
      throw ZipError(file: path, problem: .file(error))
    }
    try self.init(source: .mapped(file), path: path)
  }

  /// Reads an archive that is in memory.
  ///
  /// - Parameter name: what errors call it.
  package convenience init(bytes: [UInt8], name: String) throws {
    try self.init(source: .bytes(bytes), path: name)
  }

  private init(source: ArchiveBytes, path: String) throws {
    self.source = source
    self.path = path
    let directory = try source.withBytes(0..<source.count) { try ZipDirectory(bytes: $0, file: path) }
    names = directory.entries.map(\.name)
    entries = Dictionary(uniqueKeysWithValues: directory.entries.map { ($0.name, $0) })
  }

  package func contains(_ name: String) -> Bool { entries[name] != nil }

  /// How many bytes an entry has; nil if there is none of that name.
  package func size(of name: String) -> Int? { entries[name]?.data.count }

  /// Gives `body` an entry's bytes where they are; they must not leave it.
  ///
  /// - Parameter isChecked: compare with the checksum first.
  package func withBytes<Result>(
    of name: String, isChecked: Bool = true, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    guard let entry = entries[name] else { throw ZipError(file: path, entry: name, problem: .noSuchEntry) }
    return try source.withBytes(entry.data) { bytes in
      if isChecked, CRC32.value(of: bytes) != entry.checksum {
        throw ZipError(file: path, entry: name, problem: .wrongChecksum)
      }
      return try body(bytes)
    }
  }

  /// A copy of an entry's bytes, compared with its checksum.
  ///
  /// - Parameter limit: most bytes that are read.
  package func bytes(of name: String, limit: Int) throws -> [UInt8] {
    if let size = size(of: name), size > limit {
      throw ZipError(file: path, entry: name, problem: .tooLarge(size: size, limit: limit))
    }
    return try withBytes(of: name) { Array($0) }
  }
}
