internal import Config
internal import FileSystem

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Finds the picture files of a split.
enum ImageListing {
  /// Extensions of pictures, also of formats that are not read here: such files are reported, not overlooked.
  private static let extensions: Set<String> = [
    "jpg", "jpeg", "jpe", "jfif", "png", "bmp", "dng", "heic", "heif", "mpo", "tif", "tiff", "webp", "avif",
    "jp2", "gif",
  ]
  /// Folders inside of folders; links may run in circles.
  private static let depthLimit = 32
  private static let listSizeLimit = 1 << 30

  /// The paths at all places, sorted.
  static func paths(at places: [SplitSource.Place]) throws(DiagnosticList) -> [String] {
    var paths: [String] = []
    for place in places.map(resolved) {
      if let inFolder = contents(ofFolder: place.path) {
        paths += inFolder
      } else {
        paths += try entries(ofList: place)
      }
    }
    if paths.isEmpty {
      let names = places.map { "'\($0.path)'" }.joined(separator: ", ")
      throw DiagnosticList([
        Diagnostic(
          .error, "there are no pictures in \(names) (looked for .jpg, .jpeg and .png)",
          at: places.first?.location)
      ])
    }
    return paths.sorted()
  }

  /// The place itself, or its alternative where only that exists.
  static func resolved(_ place: SplitSource.Place) -> SplitSource.Place {
    guard let alternative = place.alternative, !exists(place.path), exists(alternative) else { return place }
    return SplitSource.Place(path: alternative, location: place.location)
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  // Folders

  /// Nil if `path` is no folder that can be read.
  private static func contents(ofFolder path: String) -> [String]? {
    var found: [String] = []
    var folders: [String] = []
    let start = path.hasSuffix("/") ? String(path.dropLast()) : path
    return collect(start, 0, into: &found, &folders) ? found : nil
  }

  /// The folder and all folders in it that are searched; none if it is no folder that can be read.
  static func folders(in path: String) -> [String] {
    var found: [String] = []
    var folders: [String] = []
    _ = collect(path.hasSuffix("/") ? String(path.dropLast()) : path, 0, into: &found, &folders)
    return folders
  }

  private static func collect(
    _ folder: String, _ depth: Int, into found: inout [String], _ folders: inout [String]
  ) -> Bool {
    guard let stream = opendir(folder.isEmpty ? "/" : folder) else { return false }
    defer { closedir(stream) }
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
        if depth < depthLimit { _ = collect(path, depth + 1, into: &found, &folders) }
      case Int32(DT_LNK), Int32(DT_UNKNOWN):
        if isPicture(name) {
          found.append(path)
        } else if depth < depthLimit {
          _ = collect(path, depth + 1, into: &found, &folders)
        }
      default:
        if isPicture(name) { found.append(path) }
      }
    }
    return true
  }

  static func isPicture(_ name: String) -> Bool {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return extensions.contains(name[name.index(after: dot)...].lowercased())
  }

  // Lists

  private static func entries(ofList place: SplitSource.Place) throws(DiagnosticList) -> [String] {
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try RandomAccessFile(place.path)
      bytes = try file.read(at: 0, count: min(file.size, listSizeLimit))
    } catch {
      let text =
        error.isMissing
        ? "there is no folder or list file '\(place.path)'; paths are relative to 'path', and 'path' to the"
          + " folder of the dataset YAML"
        : "cannot read '\(place.path)': \(error.reason)"
      throw DiagnosticList([Diagnostic(.error, text, at: place.location)])
    }
    if isPicture(place.path) { return [place.path] }
    var text = String(decoding: bytes, as: UTF8.self)
    if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
    return text.split(whereSeparator: \.isNewline).compactMap { line in
      let line = line.trimmingBlanks
      return isPicture(line) ? SpecPath.resolve(line, besideFile: place.path) : nil
    }
  }
}

extension Substring {
  fileprivate var trimmingBlanks: String {
    var text = self
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text.drop(while: \.isWhitespace))
  }
}
