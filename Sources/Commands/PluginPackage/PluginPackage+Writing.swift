internal import FileSystem
internal import Foundation

extension PluginPackage {
  /// Writes the package. It appears whole or not at all, and nothing that is there is overwritten.
  ///
  /// - Parameter folder: new or empty; folders on the way to it are made.
  /// - Throws: `PluginPackageError` for a folder that is in use; what the file system refuses.
  package func write(to folder: String) throws {
    let manager = FileManager.default
    let target = URL(filePath: folder).standardizedFileURL.resolvingSymlinksInPath()
    let exists = try Self.isEmptyFolder(target.path, named: folder)
    let parent = exists ? target : target.deletingLastPathComponent()
    try manager.createDirectory(at: parent, withIntermediateDirectories: true)
    let staging = parent.appending(path: ".\(productName).\(UUID().uuidString)")
    defer { try? manager.removeItem(at: staging) }
    for file in files {
      let path = staging.appending(path: file.path)
      try manager.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try AtomicFile.write(file.text, to: path.path)
    }
    guard exists else {
      // Moving onto a folder that another program made meanwhile fails.
      try manager.moveItem(at: staging, to: target)
      return
    }
    // The manifest last: without it, SwiftPM sees no package.
    let manifest = "Package.swift"
    let names = try manager.contentsOfDirectory(atPath: staging.path).filter { $0 != manifest }
    for name in names.sorted() + [manifest] {
      try manager.moveItem(at: staging.appending(path: name), to: target.appending(path: name))
    }
  }

  /// Whether the folder is there; one that is must be empty.
  private static func isEmptyFolder(_ path: String, named name: String) throws -> Bool {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return false }
    guard isFolder.boolValue else { throw PluginPackageError.notAFolder(name) }
    guard try FileManager.default.contentsOfDirectory(atPath: path).isEmpty else {
      throw PluginPackageError.folderInUse(name)
    }
    return true
  }
}
