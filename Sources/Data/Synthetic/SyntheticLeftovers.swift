internal import FileSystem
internal import Foundation

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Hidden folders in which data sets are built before they get their name, and those that killed processes left.
enum SyntheticLeftovers {
  /// Where this process builds the data set that is to be at `folder`.
  static func partialPath(of folder: String) -> String {
    let (parent, prefix) = place(of: folder)
    return "\(parent)/\(prefix)\(getpid())"
  }

  /// Removes what processes that no longer run have left of the data set at `folder`: folders of exactly the name that
  /// such a process gives, with nothing in them but what it writes. Anything else stays.
  static func remove(besides folder: String) {
    let (parent, prefix) = place(of: folder)
    for name in FolderListing.names(in: parent, limit: 1_000_000) where name.hasPrefix(prefix) {
      guard let owner = Int32(name.dropFirst(prefix.count)), owner > 0, "\(prefix)\(owner)" == name,
        kill(owner, 0) != 0, errno == ESRCH
      else { continue }
      let path = "\(parent)/\(name)"
      if isOwn(path) { try? FileManager.default.removeItem(atPath: path) }
    }
  }

  private static func place(of folder: String) -> (parent: String, prefix: String) {
    let url = URL(fileURLWithPath: folder)
    let parent = url.deletingLastPathComponent().path
    return (parent == "/" ? "" : parent, ".\(url.lastPathComponent).partial-")
  }

  /// A folder, no link to one, that holds nothing but what is written into a data set.
  private static func isOwn(_ path: String) -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
    let known = ["images", "labels", "annotations", "data.yaml", SyntheticManifest.fileName]
    return FolderListing.names(in: path).allSatisfy { name in
      // A file that was being written has a hidden name of its own.
      known.contains(name) || name.hasPrefix(".") && name.hasSuffix(".partial")
    }
  }
}
