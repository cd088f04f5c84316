/// Where the label file of an image lies: `labels` in place of the last folder called `images`, `.txt` in place of
/// the extension.
enum LabelPath {
  static func of(image path: String) -> String {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false)
    // A relative path may begin with the folder itself, which the field's tools do not see but nobody means.
    if let folder = parts.dropLast().lastIndex(of: "images") { parts[folder] = "labels" }
    if let name = parts.last, let dot = name.lastIndex(of: ".") { parts[parts.count - 1] = name[..<dot] }
    return parts.joined(separator: "/") + ".txt"
  }
}
