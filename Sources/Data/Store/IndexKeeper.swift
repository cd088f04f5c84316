internal import PoseCore

/// Opens the index that was kept of a split, and keeps a new one.
struct IndexKeeper {
  let root: RootFolder
  private let options: IndexOptions
  private let key: IndexKey
  private let files: [String]
  /// Before anything was looked at, less the time for files to settle; in nanoseconds.
  private let settled: Int64
  private let snapshot: IndexSnapshot?
  private let sharedIsCurrent: Bool

  init(
    _ spec: DatasetSpec, _ split: DatasetSplit, _ source: SplitSource, _ options: IndexOptions,
    formats: [String]
  ) {
    self.options = options
    settled = FileStamp.now - Int64(options.store.settlingTime * 1e9)
    let root = RootFolder(spec.root)
    self.root = root
    let format = spec.labels.map { "\($0)" } ?? formats.joined(separator: " ")
    let key = IndexKey(spec, source, options, format: format, root: root)
    self.key = key
    guard options.store.isEnabled else {
      (files, snapshot, sharedIsCurrent) = ([], nil, false)
      return
    }
    files = options.store.files(key, split: split, root: spec.root)
    let classCount = options.singleClass ? 1 : spec.classNames.count
    snapshot =
      files.lazy.compactMap {
        IndexFile.read($0, key: key, keypointCount: spec.skeleton.keypointCount, classCount: classCount)
      }.first
    sharedIsCurrent =
      snapshot.map { snapshot in
        (0..<snapshot.shared.count).allSatisfy { snapshot.shared.isCurrent($0, root: root) }
      } ?? false
  }

  /// The index that was kept, if all its files are as they were, or seem so for now: then the check goes on.
  func open(needsObjects: Bool) -> (IndexSnapshot, IndexCheck?)? {
    guard let snapshot, sharedIsCurrent, snapshot.isWhole, !needsObjects || snapshot.labels.count > 0 else {
      return nil
    }
    let check = IndexCheck(snapshot, root: root)
    check.run(seconds: options.store.checkingTime)
    if !check.changes.isEmpty { return nil }
    if check.isDone { return (snapshot, nil) }
    check.runInBackground()
    return (snapshot, check)
  }

  /// What can still be used of the index that was kept.
  func earlier(_ images: any LabelledSplit) -> EarlierIndex? {
    guard images.watchedPaths != nil, let snapshot else { return nil }
    return EarlierIndex(snapshot, root: root, sharedIsCurrent: sharedIsCurrent)
  }

  /// Keeps an index for the next time, where that is worth while.
  func keep(_ index: DatasetIndex, _ contents: IndexContents, _ images: any LabelledSplit) {
    guard options.store.isEnabled, index.count >= options.store.leastImages,
      let watched = images.watchedPaths,
      let file = options.store.prepare(files)
    else { return }
    var snapshot = IndexSnapshot(keypointCount: index.skeleton.keypointCount)
    for path in watched { snapshot.shared.append(path, FileStamp(path).settled(before: settled), root: root) }
    for (image, path) in contents.paths.enumerated() {
      snapshot.images.append(path, contents.imageStamps[image].settled(before: settled), root: root)
      if let labels = images.labelFile(of: Int(contents.places[image])) {
        snapshot.labelFiles.append(labels, contents.labelStamps[image].settled(before: settled), root: root)
      }
    }
    snapshot.notes = contents.notes
    snapshot.duplicateRows = contents.duplicateRows
    snapshot.sizes = contents.sizes
    snapshot.imageIDs = index.imageIDs
    snapshot.categoryIDs = index.categoryIDs
    snapshot.labels = contents.labels
    snapshot.warnings = index.report.warnings
    snapshot.fingerprint = index.fingerprint
    snapshot.isWhole = index.report.skipped.isEmpty && index.report.badRows == 0
    // What always has to be looked at again need not be written again.
    if let earlier = self.snapshot, earlier.describesSame(as: snapshot) { return }
    options.store.keep(snapshot, key: key, at: file)
  }
}
