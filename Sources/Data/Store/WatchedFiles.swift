#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Files with the stamps they had when they were read; their paths lie in one block of bytes, since there may be
/// hundreds of thousands.
struct WatchedFiles: Sendable {
  /// Paths one after the other, each ended by a zero byte: below the data set's folder without it, others whole.
  private(set) var names: [UInt8] = []
  /// Where each path begins; one entry more than there are files.
  private(set) var starts: [Int64] = [0]
  private(set) var stamps: [FileStamp] = []

  var count: Int { stamps.count }

  init() {}

  /// - Returns: nil where the parts do not fit together.
  init?(names: [UInt8], starts: [Int64], stamps: [FileStamp]) {
    guard starts.count == stamps.count + 1, starts.first == 0, starts.last == Int64(names.count) else {
      return nil
    }
    for (start, end) in zip(starts, starts.dropFirst()) {
      guard start >= 0, end > start, end <= Int64(names.count), names[Int(end) - 1] == 0 else { return nil }
    }
    self.names = names
    self.starts = starts
    self.stamps = stamps
  }

  /// - Parameter root: the data set's folder.
  mutating func append(_ path: String, _ stamp: FileStamp, root: RootFolder) {
    names += root.shortened(path).utf8
    names.append(0)
    starts.append(Int64(names.count))
    stamps.append(stamp)
  }

  mutating func append(_ other: WatchedFiles) {
    let base = Int64(names.count)
    names += other.names
    starts += other.starts.dropFirst().map { base + $0 }
    stamps += other.stamps
  }

  /// The path as seen from where the program runs.
  func path(of file: Int, root: RootFolder) -> String {
    names.withUnsafeBufferPointer { bytes in
      let name = UnsafeBufferPointer(rebasing: bytes[Int(starts[file])..<(Int(starts[file + 1]) - 1)])
      return root.whole(String(decoding: name, as: UTF8.self))
    }
  }

  /// Whether the file is as it was.
  func isCurrent(_ file: Int, root: RootFolder) -> Bool {
    names.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return false }
      let name = (base + Int(starts[file])).assumingMemoryBound(to: CChar.self)
      return FileStamp(name, in: root.descriptor) == stamps[file]
    }
  }
}

/// The folder of a data set, open, so that paths below it are short to look up.
final class RootFolder: Sendable {
  /// As the spec gives it, with a slash at its end; empty for the working folder.
  private let prefix: String
  /// Nil for the working folder, or where it cannot be opened.
  let descriptor: Int32?
  /// A path that begins so lies elsewhere and is whole.
  private static let elsewhere = "//"

  init(_ path: String) {
    prefix = path == "." || path.isEmpty ? "" : path.hasSuffix("/") ? path : path + "/"
    let opened = prefix.isEmpty ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    descriptor = opened < 0 ? nil : opened
  }

  deinit { if let descriptor { close(descriptor) } }

  /// The path without the folder. One that lies elsewhere is made absolute, so that it means the same wherever the
  /// program runs.
  func shortened(_ path: String) -> String {
    if path.hasPrefix(prefix) { return String(path.dropFirst(prefix.count)) }
    if path.hasPrefix("/") { return "/" + path }
    guard let folder = realpath(".", nil) else { return "/" + path }
    defer { free(folder) }
    return "/" + String(cString: folder) + "/" + path
  }

  func whole(_ name: String) -> String {
    name.hasPrefix(Self.elsewhere) ? String(name.dropFirst()) : prefix + name
  }
}
