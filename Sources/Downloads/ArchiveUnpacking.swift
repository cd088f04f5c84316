internal import CZip
internal import FileSystem
internal import Foundation

/// Unpacks zip archives of data sets.
///
/// Nothing leaves the target folder: names that are absolute or climb, and symbolic links, are refused before the
/// first byte is written, as is an archive that would take more room than it says or than there is. Files appear
/// under their names when they are whole; those that are there in the right size are left alone, so that the same
/// call goes on after an interruption.
public struct ArchiveUnpacking: Sendable {
  public var path: String
  /// Most bytes that all entries may have together.
  public var byteLimit: Int

  /// The archive format's own check sums catch damage; this bounds what a small archive may grow to.
  private static let largestRatio = 1032

  public init(_ path: String, byteLimit: Int = 200 << 30) {
    self.path = path
    self.byteLimit = byteLimit
  }

  private struct Entry {
    var index: zip_uint64_t
    var name: String
    var size: Int
  }

  /// - Parameters:
  ///   - folder: made where it is missing.
  ///   - isWanted: whether to unpack the entry of a name.
  ///   - progress: entries done, and in all.
  /// - Returns: how many files are there now.
  /// - Throws: `DownloadError`.
  @discardableResult
  public func unpack(
    to folder: String, where isWanted: (String) -> Bool = { _ in true },
    progress: (Int, Int) -> Void = { _, _ in }, isCancelled: () -> Bool = { false }
  ) throws(DownloadError) -> Int {
    var code: Int32 = 0
    guard let archive = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code) else {
      var error = zip_error_t()
      zip_error_init_with_code(&error, code)
      defer { zip_error_fini(&error) }
      throw fault(
        nil, "this is no zip archive, or a damaged one: \(String(cString: zip_error_strerror(&error)))")
    }
    defer { zip_discard(archive) }
    let entries = try entries(of: archive).filter { isWanted($0.name) }
    let missing = entries.filter { Downloader.size(of: folder + "/" + $0.name) != $0.size }
    try FreeSpace.require(missing.reduce(0) { $0 + $1.size }, at: folder)
    var made: Set<String> = []
    var done = entries.count - missing.count
    for entry in missing {
      if isCancelled() { throw DownloadError(path, .cancelled) }
      let target = folder + "/" + entry.name
      let parent = (target as NSString).deletingLastPathComponent
      if made.insert(parent).inserted { try makeFolder(parent, inside: folder) }
      try extract(entry, from: archive, to: target)
      done += 1
      progress(done, entries.count)
    }
    return entries.count
  }

  /// All files of the archive, checked.
  private func entries(of archive: OpaquePointer) throws(DownloadError) -> [Entry] {
    var result: [Entry] = []
    var total = 0
    var names: Set<String> = []
    for index in 0..<zip_uint64_t(max(0, zip_get_num_entries(archive, 0))) {
      var status = zip_stat_t()
      guard zip_stat_index(archive, index, 0, &status) == 0, let pointer = status.name,
        let name = String(validatingCString: pointer)
      else { throw fault(nil, "entry \(index) cannot be read") }
      guard Self.isSafe(name) else { throw fault(name, "a name that could leave the folder") }
      if name.hasSuffix("/") { continue }
      guard names.insert(name).inserted else { throw fault(name, "a name that is there twice") }
      var (system, attributes) = (zip_uint8_t(0), zip_uint32_t(0))
      zip_file_get_external_attributes(archive, index, 0, &system, &attributes)
      let kind = (attributes >> 16) & 0o170000
      guard system != UInt8(ZIP_OPSYS_UNIX) || kind == 0 || kind == 0o100000 else {
        throw fault(name, "a link or device, not a file")
      }
      guard status.encryption_method == 0 else { throw fault(name, "it is encrypted") }
      guard let size = Int(exactly: status.size), let packed = Int(exactly: status.comp_size),
        size / Self.largestRatio <= packed
      else { throw fault(name, "a size that no compression explains") }
      total = total.addingReportingOverflow(size).partialValue
      guard total >= 0, total <= byteLimit else {
        throw fault(name, "the files take more than \(ByteCount(byteLimit))")
      }
      result.append(Entry(index: index, name: name, size: size))
    }
    return result
  }

  /// Makes a folder below another; a link on the way could lead out of it.
  private func makeFolder(_ path: String, inside folder: String) throws(DownloadError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw DownloadError(self.path, .file(FileError(.open, path: path, code: errno)))
    }
    guard let root = realpath(folder, nil), let real = realpath(path, nil) else {
      throw DownloadError(self.path, .file(FileError(.open, path: path, code: errno)))
    }
    defer {
      free(root)
      free(real)
    }
    let (top, below) = (String(cString: root), String(cString: real))
    guard below == top || below.hasPrefix(top == "/" ? top : top + "/") else {
      throw fault(path, "a link in its path leads out of the folder")
    }
  }

  private func extract(_ entry: Entry, from archive: OpaquePointer, to target: String) throws(DownloadError) {
    guard let file = zip_fopen_index(archive, entry.index, 0) else {
      throw fault(entry.name, String(cString: zip_strerror(archive)))
    }
    defer { zip_fclose(file) }
    do throws(FileError) {
      let output = try AtomicFile(target, durable: false)
      var buffer = [UInt8](repeating: 0, count: 1 << 18)
      var size = 0
      while true {
        let count = Int(zip_fread(file, &buffer, zip_uint64_t(buffer.count)))
        if count < 0 {
          let reason = String(cString: zip_error_strerror(zip_file_get_error(file)))
          throw FileError(.read, path: "\(path): entry '\(entry.name)': \(reason)", code: EIO)
        }
        if count == 0 { break }
        size += count
        if size > entry.size { break }
        try output.write(Array(buffer[..<count]))
      }
      guard size == entry.size else { throw FileError(.read, path: "\(path): \(entry.name)", code: EIO) }
      try output.commit()
    } catch {
      if error.operation == .read { throw fault(entry.name, "it is damaged") }
      throw DownloadError(path, .file(error))
    }
  }

  private func fault(_ entry: String?, _ reason: String) -> DownloadError {
    DownloadError(path, .badArchive(entry: entry, reason: reason))
  }

  /// Relative, downwards, of plain characters.
  private static func isSafe(_ name: String) -> Bool {
    if name.isEmpty || name.hasPrefix("/") || name.contains("\\") || name.dropFirst().first == ":" {
      return false
    }
    if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) { return false }
    return !name.split(separator: "/").contains { $0 == ".." || $0 == "." }
  }
}
