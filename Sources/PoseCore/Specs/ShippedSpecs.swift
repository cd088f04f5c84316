internal import Config
internal import Foundation

/// Finds the YAML files that come with PoseLab, wherever the program is started.
///
/// They lie in folders called `Experiments` with `models`, `datasets` … in them. Searched in this order: the folder
/// that the environment variable `POSELAB_HOME` names, the working directory, the folders above the executable, and
/// the package from whose sources the program was built.
public struct ShippedSpecs: Sendable, Equatable {
  /// Where to look for `Experiments`, in order.
  public var homes: [String]

  public init(homes: [String]) { self.homes = homes }

  /// The places above, as this process sees them.
  public init() {
    var homes: [String] = []
    if let home = ProcessInfo.processInfo.environment["POSELAB_HOME"], !home.isEmpty { homes.append(home) }
    homes.append(".")
    if let executable = Bundle.main.executablePath {
      homes += Self.ancestors(of: URL(filePath: executable).resolvingSymlinksInPath().path)
    }
    // Sources/PoseCore/Specs/ShippedSpecs.swift
    homes += Self.ancestors(of: #filePath).dropFirst(3).prefix(1)
    self.init(homes: homes)
  }

  private static func ancestors(of path: String) -> [String] {
    var folders: [String] = []
    var url = URL(filePath: path).deletingLastPathComponent()
    while url.path != "/" && folders.count < 16 {
      folders.append(url.path)
      url = url.deletingLastPathComponent()
    }
    return folders
  }

  /// The path of a file: beside the spec that names it, else as given, else among the shipped ones.
  ///
  /// - Parameters:
  ///   - kind: the folder in `Experiments`: `models`, `datasets`.
  ///   - spec: the file that names it, if any.
  /// - Returns: nil where there is none.
  public func find(_ name: String, kind: String, besideFile spec: String? = nil) -> String? {
    var candidates: [String] = []
    if let spec { candidates.append(SpecPath.resolve(name, besideFile: spec)) }
    candidates.append(name)
    if !name.hasPrefix("/") {
      for home in homes {
        let folder = home == "." ? "Experiments" : "\(home)/Experiments"
        candidates.append("\(folder)/\(kind)/\(name)")
      }
    }
    return candidates.first { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }
  }

  /// Names of the shipped files of one kind, in alphabetical order.
  public func names(kind: String) -> [String] {
    let files = homes.flatMap { home in
      (try? FileManager.default.contentsOfDirectory(atPath: "\(home)/Experiments/\(kind)")) ?? []
    }
    return Set(files.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }).sorted()
  }

  /// Paths of the shipped experiments, in alphabetical order of their names.
  public var experiments: [String] {
    var paths: [String: String] = [:]
    for home in homes {
      let folder = home == "." ? "Experiments" : "\(home)/Experiments"
      for below in ["", "ablations/", "benchmarks/"] {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(below)")) ?? []
        where name.hasSuffix(".yaml") && paths[below + name] == nil {
          paths[below + name] = "\(folder)/\(below)\(name)"
        }
      }
    }
    return paths.sorted { $0.key < $1.key }.map(\.value)
  }

  /// What a name that `find` does not know was most likely meant to be, or which names there are: the tail of a
  /// message.
  ///
  /// - Parameter otherName: the name in another form that is as good.
  public func hint(
    for name: String, or otherName: String? = nil, kind: String, besideFile spec: String? = nil
  ) -> String {
    let beside = spec.map { SpecPath.resolve(name, besideFile: $0) } ?? name
    let near = NearestFile.suggestion(for: beside)
    if !near.isEmpty { return near }
    let known = names(kind: kind)
    let shipped = suggestion(for: otherName ?? name, among: known)
    if !shipped.isEmpty || known.isEmpty { return shipped }
    let shown = known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
    return "; PoseLab brings \(shown)"
  }
}
