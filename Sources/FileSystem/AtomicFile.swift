#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A file that appears under its name only when it is whole.
///
/// Bytes go to a hidden temporary file in the same folder; `commit()` syncs it, renames it over the
/// destination and syncs the folder. Whatever happens before (an error, a crash, a full disk), a file that was
/// there stays as it was. Without `commit()` the temporary file is removed when the value is released; those of
/// killed processes are found by `removeLeftovers(in:)`.
///
/// A symbolic link is followed, so that the link survives. A device or pipe is written directly.
///
/// Not for use from several threads at once.
public final class AtomicFile {
  /// Where the bytes will be after `commit()`.
  public let path: String
  private let target: String
  private let temporary: String?
  private let durable: Bool
  private var descriptor: Int32

  /// Opens the temporary file.
  ///
  /// - Parameter durable: wait until the disk has the bytes. Turn it off for files that are cheap to make again.
  public init(_ path: String, durable: Bool = true) throws(FileError) {
    self.path = path
    self.durable = durable
    target = AtomicFile.resolvingLinks(path)
    var status = stat()
    let exists = stat(target, &status) == 0
    if exists && status.st_mode & S_IFMT == S_IFDIR {
      throw FileError(.open, path: path, code: EISDIR)
    }
    if exists && status.st_mode & S_IFMT != S_IFREG {
      temporary = nil
      descriptor = open(target, O_WRONLY | O_CLOEXEC)
      if descriptor < 0 { throw FileError(.open, path: path, code: errno) }
      return
    }
    let (folder, name) = AtomicFile.split(target)
    var attempt = 0
    while true {
      let candidate = "\(folder)/.\(name).\(getpid())-\(attempt)\(AtomicFile.suffix)"
      let opened = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if opened >= 0 {
        temporary = candidate
        descriptor = opened
        break
      }
      guard errno == EEXIST, attempt < 10_000 else {
        throw FileError(.createTemporary, path: path, code: errno)
      }
      attempt += 1
    }
    if exists { _ = fchmod(descriptor, status.st_mode & 0o7777) }
  }

  deinit { discard() }

  /// Appends bytes; unbuffered, so prefer few large pieces.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    precondition(descriptor >= 0, "AtomicFile: written after commit")
    var rest = bytes
    while let base = rest.baseAddress, rest.count > 0 {
      #if canImport(Darwin)
      let written = Darwin.write(descriptor, base, rest.count)
      #elseif canImport(Musl)
      let written = Musl.write(descriptor, base, rest.count)
      #else
      let written = Glibc.write(descriptor, base, rest.count)
      #endif
      if written < 0 {
        if errno == EINTR { continue }
        throw FileError(.write, path: path, code: errno)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// Appends bytes.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(FileError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Appends text as UTF-8.
  public func write(_ text: String) throws(FileError) { try write(Array(text.utf8)) }

  /// Puts the file in its place.
  public func commit() throws(FileError) {
    precondition(descriptor >= 0, "AtomicFile: committed twice")
    if durable && temporary != nil && fsync(descriptor) != 0 {
      throw FileError(.sync, path: path, code: errno)
    }
    let closing = descriptor
    descriptor = -1
    guard close(closing) == 0 else {
      let code = errno
      if let temporary { unlink(temporary) }
      throw FileError(.write, path: path, code: code)
    }
    guard let temporary else { return }
    guard rename(temporary, target) == 0 else {
      let code = errno
      unlink(temporary)
      throw FileError(.rename, path: path, code: code)
    }
    if durable { AtomicFile.syncFolder(of: target) }
  }

  private func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    if let temporary { unlink(temporary) }
  }
}

extension AtomicFile {
  /// Writes a whole file.
  public static func write(_ bytes: [UInt8], to path: String, durable: Bool = true) throws(FileError) {
    let file = try AtomicFile(path, durable: durable)
    try file.write(bytes)
    try file.commit()
  }

  /// Writes a whole file of UTF-8 text.
  public static func write(_ text: String, to path: String, durable: Bool = true) throws(FileError) {
    try write(Array(text.utf8), to: path, durable: durable)
  }

  /// Writes a file piece by piece; if `body` throws, nothing changes on disk.
  public static func write(
    to path: String, durable: Bool = true, _ body: (AtomicFile) throws -> Void
  ) throws {
    let file = try AtomicFile(path, durable: durable)
    try body(file)
    try file.commit()
  }

  /// Removes temporary files that processes which no longer run have left in `folder`.
  ///
  /// - Returns: the names removed, sorted.
  @discardableResult
  public static func removeLeftovers(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var removed: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
          String(cString: $0)
        }
      }
      guard name.hasPrefix("."), name.hasSuffix(suffix), let owner = owner(ofTemporary: name) else {
        continue
      }
      if kill(owner, 0) != 0 && errno == ESRCH && unlink("\(folder)/\(name)") == 0 { removed.append(name) }
    }
    return removed.sorted()
  }

  private static var suffix: String { ".partial" }

  /// The process in a name of the form `.name.<process>-<attempt>.partial`.
  private static func owner(ofTemporary name: String) -> Int32? {
    let parts = name.split(separator: ".")
    guard parts.count >= 3 else { return nil }
    let numbers = parts[parts.count - 2].split(separator: "-")
    guard numbers.count == 2, Int(numbers[1]) != nil, let owner = Int32(numbers[0]), owner > 0 else {
      return nil
    }
    return owner
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = String(path[..<slash])
    return (folder.isEmpty ? "/" : folder, String(path[path.index(after: slash)...]))
  }

  private static func resolvingLinks(_ path: String) -> String {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
      let resolved = realpath(path, nil)
    else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Makes a rename durable. Some file systems cannot sync folders; the file itself is then already safe.
  private static func syncFolder(of path: String) {
    let descriptor = open(split(path).folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}
