internal import Foundation

/// Finds the pictures that a user names: files, folders, patterns.
public enum PredictionSource {
  /// Why there is nothing to predict on.
  public enum Fault: Error, Sendable, Equatable {
    case missing(String)
    /// Nothing in this folder, or under this pattern, is a picture.
    case noPictures(String)
    case video(String)
    case stream(String)
  }

  /// Extensions of pictures that are read.
  static let pictures: Set<String> = ["jpg", "jpeg", "png", "jpe", "jfif"]
  static let videos: Set<String> = [
    "avi", "mp4", "mov", "mkv", "webm", "m4v", "mpg", "mpeg", "wmv", "ts", "gif", "asf",
  ]

  /// Paths of pictures: sources in the order given, what a folder or pattern holds sorted by name.
  ///
  /// - Parameter sources: files (of any extension but a video's), folders (not those in them), patterns with `*`,
  ///   `?` and `[…]`.
  public static func resolve(_ sources: [String]) throws(Fault) -> [String] {
    var paths: [String] = []
    for source in sources {
      if source.contains("://") || Int(source) != nil && !FileManager.default.fileExists(atPath: source) {
        throw .stream(source)
      }
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: source, isDirectory: &isFolder) {
        if !isFolder.boolValue {
          if videos.contains(suffix(source)) { throw .video(source) }
          paths.append(source)
          continue
        }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: source)) ?? []).sorted()
        let found = names.filter { pictures.contains(suffix($0)) }
        if found.isEmpty { throw .noPictures(source) }
        let folder = source.hasSuffix("/") ? source : source + "/"
        paths += found.map { folder + $0 }
      } else if source.contains(where: { "*?[".contains($0) }) {
        let found = matches(source).filter { pictures.contains(suffix($0)) }
        if found.isEmpty { throw .noPictures(source) }
        paths += found
      } else {
        throw .missing(source)
      }
    }
    return paths
  }

  private static func suffix(_ path: String) -> String { (path as NSString).pathExtension.lowercased() }

  private static func matches(_ pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, 0, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { index in
      result.gl_pathv[index].map { String(cString: $0) }
    }
  }
}

extension PredictionSource.Fault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let source): "\(source): no such file or folder"
    case .noPictures(let source): "\(source): no JPEG or PNG pictures here"
    case .video(let source): "\(source): videos are not supported; extract its frames to a folder of pictures"
    case .stream(let source):
      "\(source): cameras and streams are not supported; give pictures, folders or patterns"
    }
  }
}
