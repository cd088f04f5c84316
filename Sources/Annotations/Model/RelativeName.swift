internal import Foundation

/// Names of images in annotation files, which decide where files are written.
enum RelativeName {
  /// Why a name cannot be used; nil where it can.
  static func fault(_ name: String) -> String? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    if name.isEmpty { return "the image has no name" }
    if name.utf8.count > 1000 || parts.contains(where: { $0.utf8.count > 250 }) {
      return "the image's name is too long for a file"
    }
    if name.hasPrefix("/") || parts.contains("..") {
      return "the image's name '\(name)' leads out of its folder"
    }
    if parts.contains(where: { $0.isEmpty || $0 == "." }) || name.contains("\0") || name.contains("\n") {
      return "the image's name '\(name)' is no file name"
    }
    return nil
  }

  /// The name with another extension.
  static func replacingExtension(_ name: String, _ suffix: String) -> String {
    (name as NSString).deletingPathExtension + suffix
  }

  /// As it stands in files of Windows, with forward slashes; a leading `./` says nothing.
  static func normalised(_ name: String) -> String {
    var name = name.replacing("\\", with: "/")
    while name.hasPrefix("./") { name.removeFirst(2) }
    return name
  }
}

/// Text as JSON has it.
enum JSONQuoted {
  static func text(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
