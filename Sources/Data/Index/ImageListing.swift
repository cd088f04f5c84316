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
  /// In bytes: ten million paths and more.
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
    var search = FolderSearch()
    return search.run(path) ? search.pictures : nil
  }

  /// The folder and all folders in it that are searched; none if it is no folder that can be read.
  static func folders(in path: String) -> [String] {
    var search = FolderSearch()
    _ = search.run(path)
    return search.folders
  }

  static func isPicture(_ name: String) -> Bool {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return extensions.contains(name[name.index(after: dot)...].lowercased())
  }

  /// What to say of a place that is not there, and of a data set that may be yet to fetch.
  private static func missing(_ path: String) -> String {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    let isFetched = folder.isEmpty || access(folder, F_OK) == 0
    return
      "there is no folder or list file '\(path)'; paths are relative to 'path', and 'path' to the folder of the"
      + " dataset YAML"
      + (isFetched ? "" : "; for one that is yet to be fetched see 'poselab data download --help'")
  }

  // Lists

  private static func entries(ofList place: SplitSource.Place) throws(DiagnosticList) -> [String] {
    var bytes: [UInt8]?
    do throws(FileError) {
      let file = try RandomAccessFile(place.path)
      if isPicture(place.path) { return [place.path] }
      if file.size <= listSizeLimit { bytes = try file.read(at: 0, count: file.size) }
    } catch {
      let text = error.isMissing ? missing(place.path) : "cannot read '\(place.path)': \(error.reason)"
      throw DiagnosticList([Diagnostic(.error, text, at: place.location)])
    }
    guard let bytes else {
      throw DiagnosticList([
        Diagnostic(
          .error, "'\(place.path)' is larger than \(listSizeLimit) bytes; is it a list of pictures?",
          at: place.location)
      ])
    }
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
