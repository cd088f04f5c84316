internal import Foundation

/// How a package of a user's names PoseLab.
package enum PoseLabDependency: Equatable, Sendable {
  /// The absolute path of a folder.
  case folder(String)
  case repository(url: String, requirement: Requirement)

  package enum Requirement: Equatable, Sendable {
    /// This version or a later one of the same first number.
    case from(String)
    case branch(String)
  }

  /// - Parameters:
  ///   - place: a folder or a URL; nil where neither is known.
  ///   - from: least version; for URLs alone.
  ///   - branch: for URLs alone; `main` where no version is asked for.
  package init(_ place: String?, from: String? = nil, branch: String? = nil) throws(PluginPackageError) {
    guard let place else { throw .unknownPoseLab }
    if Self.isURL(place) {
      if from != nil && branch != nil { throw .versionAndBranch }
      self = .repository(url: place, requirement: from.map { .from($0) } ?? .branch(branch ?? "main"))
      return
    }
    if from != nil || branch != nil { throw .versionOfFolder }
    let folder = URL(filePath: place).standardizedFileURL.resolvingSymlinksInPath().path
    guard Self.isPoseLab(folder) else { throw .noPoseLab(at: place) }
    self = .folder(folder)
  }

  /// The package that this program was built from, if it is still there: a folder above the executable, or else the
  /// one of the sources.
  package static func ownPackage() -> String? {
    let starts = [Bundle.main.executablePath, #filePath].compactMap { $0 }
    for start in starts {
      var folder = URL(filePath: start).resolvingSymlinksInPath().deletingLastPathComponent()
      while folder.path != "/" {
        // What SwiftPM has fetched for another package comes and goes with its build.
        if isPoseLab(folder.path) && !folder.pathComponents.contains(".build") { return folder.path }
        folder = folder.deletingLastPathComponent()
      }
    }
    return nil
  }

  private static func isPoseLab(_ folder: String) -> Bool {
    guard let manifest = try? String(contentsOfFile: folder + "/Package.swift", encoding: .utf8) else {
      return false
    }
    return manifest.contains("name: \"PoseLab\",\n") && manifest.contains("name: \"PoseLabCommands\"")
      && FileManager.default.fileExists(atPath: folder + "/Sources/PoseCore")
  }

  /// `https://…`, or git's short form `git@host:path`.
  private static func isURL(_ text: String) -> Bool {
    text.contains("://") || text.contains(/^[^\/\s]+@[^\/\s]+:/)
  }

  /// The name by which targets refer to the package.
  var packageName: String {
    switch self {
    case .folder: "PoseLab"
    case .repository(let url, _):
      // SwiftPM knows a repository by the last part of its URL.
      (url.split(whereSeparator: { "/:".contains($0) }).last.map(String.init) ?? "PoseLab")
        .replacing(/\.git$/, with: "")
    }
  }

  /// The line of the manifest.
  var declaration: String {
    switch self {
    case .folder(let path): ".package(name: \"PoseLab\", path: \(path.swiftLiteral))"
    case .repository(let url, .from(let version)):
      ".package(url: \(url.swiftLiteral), from: \(version.swiftLiteral))"
    case .repository(let url, .branch(let branch)):
      ".package(url: \(url.swiftLiteral), branch: \(branch.swiftLiteral))"
    }
  }
}

extension String {
  /// The text as a literal of Swift.
  var swiftLiteral: String {
    var escaped = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case _ where scalar.value < 32: escaped += "\\u{\(String(scalar.value, radix: 16))}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return "\"\(escaped)\""
  }
}
