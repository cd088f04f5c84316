internal import CONNXRuntime
internal import Foundation

/// Finds and loads ONNX Runtime's shared library, once for the process.
public enum ONNXRuntimeLibrary {
  /// The environment variable that names the library, or the folder it is in.
  public static let variable = "POSELAB_ONNXRUNTIME"

  /// Loads the library: what the variable names, else what the system's loader finds, else that of an active Python
  /// environment.
  ///
  /// - Returns: its version.
  /// - Throws: `ONNXRuntimeError.missing`.
  @discardableResult
  public static func load() throws(ONNXRuntimeError) -> String {
    if let version = pl_ort_version() { return String(cString: version) }
    let environment = ProcessInfo.processInfo.environment
    var candidates: [String] = []
    if let named = environment[variable], !named.isEmpty {
      candidates = libraries(named)
      if candidates.isEmpty {
        throw .missing(reasons: ["\(variable)=\(named): nothing there is called libonnxruntime.so"])
      }
    } else {
      candidates = ["libonnxruntime.so.1", "libonnxruntime.so"]
      if let active = environment["VIRTUAL_ENV"] { candidates += pythonLibraries(active + "/lib") }
    }
    var reasons: [String] = []
    for candidate in candidates {
      guard let fault = pl_ort_load(candidate) else {
        return pl_ort_version().map { String(cString: $0) } ?? ""
      }
      reasons.append(String(cString: fault))
      pl_ort_free(fault)
    }
    throw .missing(reasons: reasons)
  }

  /// A file, or those of a folder that are called like the library, the newest version first.
  private static func libraries(_ path: String) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
    if !isFolder.boolValue { return [path] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasPrefix("libonnxruntime.so") }
      .sorted { $0.compare($1, options: .numeric) == .orderedDescending }.map { "\(path)/\($0)" }
  }

  private static func pythonLibraries(_ folder: String) -> [String] {
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return versions.filter { $0.hasPrefix("python") }.sorted().flatMap {
      libraries("\(folder)/\($0)/site-packages/onnxruntime/capi")
    }
  }
}
