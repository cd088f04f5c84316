#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Looks for pictures in a folder and all folders in it.
///
/// Links to folders are followed, but no folder is searched twice: links may run in circles, and a few that lead
/// upwards would multiply without end. Which way a folder is found does not depend on the order in which the file
/// system lists names: true folders come before links, and links by their path.
struct FolderSearch {
  /// Paths of pictures, in any order.
  private(set) var pictures: [String] = []
  /// Paths of the folders that were searched.
  private(set) var folders: [String] = []
  private var seen: Set<Place> = []
  /// Links, which may lead to folders, and how deep they lie.
  private var links: [(path: String, depth: Int)] = []

  /// A folder, whatever its names.
  private struct Place: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  /// Folders inside of folders.
  private static let depthLimit = 32

  /// - Returns: false if `path` is no folder that can be read.
  mutating func run(_ path: String) -> Bool {
    guard search(path.hasSuffix("/") ? String(path.dropLast()) : path, 0) else { return false }
    while !links.isEmpty {
      let found = links.sorted { $0.path < $1.path }
      links = []
      for link in found { _ = search(link.path, link.depth) }
    }
    return true
  }

  private mutating func search(_ folder: String, _ depth: Int) -> Bool {
    guard let stream = opendir(folder.isEmpty ? "/" : folder) else { return false }
    defer { closedir(stream) }
    var status = stat()
    guard fstat(dirfd(stream), &status) == 0 else { return false }
    let place = Place(
      device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    if !seen.insert(place).inserted { return true }
    folders.append(folder.isEmpty ? "/" : folder)
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      // Hidden files are no pictures: `._0001.jpg` is what macOS leaves behind.
      if name.hasPrefix(".") { continue }
      let path = "\(folder)/\(name)"
      switch Int32(entry.pointee.d_type) {
      case Int32(DT_DIR):
        if depth < Self.depthLimit { _ = search(path, depth + 1) }
      case Int32(DT_LNK), Int32(DT_UNKNOWN):
        if ImageListing.isPicture(name) {
          pictures.append(path)
        } else if depth < Self.depthLimit {
          links.append((path, depth + 1))
        }
      default:
        if ImageListing.isPicture(name) { pictures.append(path) }
      }
    }
    return true
  }
}
