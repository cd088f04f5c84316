internal import FileSystem
internal import Foundation

/// Where indexes are kept from one run to the next, so that a large data set opens at once.
///
/// An index lies beside its data set, in the hidden folder `.poselab`, or, where that cannot be written, in
/// `$XDG_CACHE_HOME/poselab` (`~/.cache/poselab`). It is never trusted blindly: a file that was edited, replaced,
/// added or removed since is noticed by what the system says of it (device, inode, size, modification and change
/// time to the nanosecond), and read again. Deleting the folder loses nothing but time.
public struct IndexStore: Sendable, Equatable {
  public var isEnabled: Bool
  /// Fewer images than this are read quickly enough without.
  public var leastImages: Int
  /// Seconds that a file must have been left alone before it is read, to be trusted next time: clocks of file systems
  /// are coarse.
  public var settlingTime: Double
  /// Seconds that opening may spend on looking whether files are as they were; a thread of its own looks at the rest
  /// while training has begun. Until then each image is looked at just before it is used.
  public var checkingTime: Double
  /// Where indexes are kept; nil for the places above.
  public var folder: String?

  public init(
    isEnabled: Bool = true, leastImages: Int = 1000, settlingTime: Double = 2, checkingTime: Double = 0.5,
    folder: String? = nil
  ) {
    self.isEnabled = isEnabled
    self.leastImages = leastImages
    self.settlingTime = settlingTime
    self.checkingTime = checkingTime
    self.folder = folder
  }

  /// No index is kept.
  public static let none = IndexStore(isEnabled: false)

  /// Indexes of one data set that are kept; the oldest go.
  private static let mostFiles = 12

  /// The files in which an index may lie, the better first.
  func files(_ key: IndexKey, split: DatasetSplit, root: String) -> [String] {
    let name = "\(split.rawValue)-\(key.text).index"
    if let folder { return ["\(folder)/\(name)"] }
    var files = ["\(root.isEmpty ? "." : root)/.poselab/\(name)"]
    let environment = ProcessInfo.processInfo.environment
    let cache = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    if let cache = cache ?? environment["HOME"].map({ $0 + "/.cache" }) {
      // Data sets of the same shape lie at different places.
      var hash = ContentHash()
      hash.add(URL(filePath: root).standardizedFileURL.resolvingSymlinksInPath().path)
      files.append("\(cache)/poselab/\(hash.text.prefix(12))-\(name)")
    }
    return files
  }

  /// Makes the folder first, so that it does not look like a change of the data set's.
  ///
  /// - Returns: the file to write; nil where no folder can be written.
  func prepare(_ files: [String]) -> String? {
    for file in files {
      let folder = (file as NSString).deletingLastPathComponent
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      if access(folder, W_OK | X_OK) == 0 { return file }
    }
    return nil
  }

  /// Keeps the snapshot, if there is room; an index that cannot be kept is no error.
  func keep(_ snapshot: IndexSnapshot, key: IndexKey, at path: String) {
    let folder = (path as NSString).deletingLastPathComponent
    AtomicFile.removeLeftovers(in: folder)
    guard (try? IndexFile.write(snapshot, key: key, to: path)) != nil else { return }
    let others = FolderListing.names(in: folder).filter { $0.hasSuffix(".index") }.map { "\(folder)/\($0)" }
    if others.count <= Self.mostFiles { return }
    func age(_ file: String) -> Date {
      let attributes = try? FileManager.default.attributesOfItem(atPath: file)
      return attributes?[.modificationDate] as? Date ?? .distantPast
    }
    let dated = others.map { (age($0), $0) }.sorted { $0 < $1 }
    for (_, file) in dated.prefix(others.count - Self.mostFiles) where file != path { unlink(file) }
  }
}
