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
}
