/// Paths as specs write them: with `/`, and relative to the file they stand in.
public enum SpecPath {
  /// `path` as seen from where the program runs.
  ///
  /// - Parameter file: the spec in which the path is written.
  public static func resolve(_ path: String, besideFile file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return normalized(file[...slash] + path)
  }

  /// The same path without `.`, `//` and such `..` as follow a folder. Links are not followed.
  public static func normalized(_ path: some StringProtocol) -> String {
    var parts: [Substring] = []
    for part in String(path).split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    if path.hasPrefix("/") { return "/" + parts.drop { $0 == ".." }.joined(separator: "/") }
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }
}

extension Node {
  /// The path that this text names, as seen from where the program runs: relative to the file it is written in;
  /// one from the command line or from code is taken as it is.
  ///
  /// - Throws: where this is no text.
  public func path(named name: String) throws(Diagnostic) -> String {
    let text = try string(named: name)
    guard let file = location?.file, file != Override.commandLine else { return text }
    return SpecPath.resolve(text, besideFile: file)
  }
}
