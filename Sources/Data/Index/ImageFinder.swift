public import Config
internal import PoseCore

/// Finds the files of images that a file of labels names.
public struct ImageFinder: Sendable {
  private var folders: [String] = []
  /// Paths in list files, by the file's own name; nil without a list file.
  private var listed: [Substring: String]?

  /// - Throws: where a list file among the split's images cannot be read.
  public init(_ source: SplitSource) throws(DiagnosticList) {
    for place in source.images { try add(place) }
  }

  private mutating func add(_ given: SplitSource.Place) throws(DiagnosticList) {
    let place = ImageListing.resolved(given)
    if ImageListing.isFolder(place.path) {
      folders.append(place.path.hasSuffix("/") ? String(place.path.dropLast()) : place.path)
      return
    }
    var listed = listed ?? [:]
    for path in try ImageListing.paths(at: [place]) { listed[ImageFinder.name(of: path)] = path }
    self.listed = listed
  }

  /// The path of an image: in a folder by its whole `file_name`, else by its last part. A file that is not there
  /// gets the path where it should be; nil means that list files leave it out.
  public func find(_ fileName: String) -> String? {
    let name = ImageFinder.name(of: fileName)
    if let path = listed?[name] { return path }
    guard let first = folders.first else { return nil }
    for folder in folders {
      for candidate in ["\(folder)/\(fileName)", "\(folder)/\(name)"] where ImageListing.exists(candidate) {
        return candidate
      }
    }
    return "\(first)/\(fileName)"
  }

  private static func name(of path: String) -> Substring { path.split(separator: "/").last ?? "" }
}

extension SplitSource {
  /// The picture files in the split's folders and list files, sorted.
  ///
  /// - Throws: where there are none, or a list file cannot be read.
  public func imagePaths() throws(DiagnosticList) -> [String] { try ImageListing.paths(at: images) }

  /// The list files and all folders that `imagePaths()` looks into, and what it looks for in vain: as long as none of
  /// them changes, it finds the same.
  public var watchedPaths: [String] {
    images.flatMap { place -> [String] in
      let found = ImageListing.resolved(place).path
      let folders = ImageListing.folders(in: found)
      return (found == place.path ? [] : [place.path]) + (folders.isEmpty ? [found] : folders)
    }
  }
}
