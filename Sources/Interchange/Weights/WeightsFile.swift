internal import FileSystem

/// Opens files of weights, whatever their format.
public enum WeightsFile {
  /// What names of files that are read as weights end with.
  public static let extensions = ["safetensors", "pt", "pth"]

  /// Whether a name is that of a file of weights.
  public static func isNamed(_ path: String) -> Bool { extensions.contains { path.hasSuffix("." + $0) } }

  /// Opens a file; its name's ending says which format it has, and where it says none, its first bytes do.
  ///
  /// - Throws: `SafetensorsError`, `PyTorchError`, `PickleError`, `ZipError`: each names the file and the fault.
  public static func open(_ path: String) throws -> any TensorFile {
    if path.hasSuffix(".safetensors") { return try SafetensorsFile(path: path) }
    if isNamed(path) { return try PyTorchFile(path: path) }
    let isPyTorch = try? PyTorchFormat.problem(path: path) == nil
    return isPyTorch == true ? try PyTorchFile(path: path) : try SafetensorsFile(path: path)
  }
}
