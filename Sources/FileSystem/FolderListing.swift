#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The names in a folder.
public enum FolderListing {
  /// Names in alphabetical order, without `.` and `..`; none where the folder cannot be read.
  ///
  /// - Parameter limit: how many are read at most; a folder of a million pictures is not worth waiting for.
  public static func names(in folder: String, limit: Int = 10_000) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while names.count < limit, let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
