internal import FileSystem

/// What a path to a file that is not there was most likely meant to be.
public enum NearestFile {
  /// `; did you mean 'specs/mine.yaml'?`, or nothing where no file or folder is close: the tail of a message.
  ///
  /// The first part of the path that does not exist is compared with what lies beside it.
  ///
  /// - Parameters:
  ///   - endings: of the files that may be meant.
  ///   - others: names that are as good, say of files that come with the program.
  public static func suggestion(
    for path: String, endings: [String] = [".yaml", ".yml"], others: [String] = []
  ) -> String {
    let found = nearest(to: path, endings: endings) ?? nearestName(to: path, among: others)
    return found.map { "; did you mean '\($0)'?" } ?? ""
  }

  private static func nearest(to path: String, endings: [String]) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    guard parts.count <= 64, path.utf8.count <= 4096 else { return nil }
    var folder = path.hasPrefix("/") ? "/" : ""
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      let names = FolderListing.names(in: folder.isEmpty ? "." : folder)
      if part == "." || part == ".." || (!isLast && names.contains(part)) {
        folder += part + "/"
        continue
      }
      let candidates = isLast ? names.filter { name in endings.contains { name.hasSuffix($0) } } : names
      guard let name = nearestName(to: part, among: candidates), name != part else { return nil }
      if isLast { return folder + name }
      let whole = ([folder + name] + parts[(index + 1)...]).joined(separator: "/")
      let inner = whole.lastIndex(of: "/").map { String(whole[..<$0]) } ?? "."
      return FolderListing.names(in: inner).contains(parts[parts.count - 1]) ? whole : folder + name + "/…"
    }
    return nil
  }
}
