public import Config
internal import FileSystem
internal import Imaging
public import PoseCore
internal import Synchronization
internal import Tensor

extension DatasetIndex {
  /// Finds the images of a split, reads their headers and all labels, on all threads.
  ///
  /// Images that cannot be used are left out and named in the report.
  ///
  /// A large split is kept in the store that `options` name, so that it opens at once the next time; files that have
  /// changed are read again.
  ///
  /// - Parameter formats: forms of labels that the data set may name, or have without naming it.
  /// - Throws: `DiagnosticList` where images or labels are missing altogether, or labels cannot be right (unless
  ///   `options` say to leave such rows out).
  public init(
    _ spec: DatasetSpec, split: DatasetSplit, options: IndexOptions = IndexOptions(),
    formats: ComponentTable<Void, any DatasetFormat> = StandardDatasets.table
  ) throws(DiagnosticList) {
    let source = try spec.source(of: split)
    let classNames = options.singleClass ? ["object"] : spec.classNames
    let keeper = IndexKeeper(spec, split, source, options, formats: formats.names)
    if let (snapshot, check) = keeper.open(needsObjects: options.needsObjects) {
      self.init(
        split: split, skeleton: spec.skeleton, classNames: classNames, snapshot: snapshot, root: keeper.root,
        check: check)
      return
    }
    let images = try spec.open(source, options: options, formats: formats)
    let contents = LabelIndexer(spec, images, options, earlier: keeper.earlier(images)).contents()
    try DatasetIndex.check(contents, split, source, options, isNamed: spec.labels != nil)
    self.init(
      split: split, skeleton: spec.skeleton, classNames: classNames, root: spec.root, contents: contents,
      categoryIDs: options.singleClass ? [] : images.categoryIDs)
    keeper.keep(self, contents, images)
  }

  private static func check(
    _ contents: IndexContents, _ split: DatasetSplit, _ source: SplitSource, _ options: IndexOptions,
    isNamed: Bool
  ) throws(DiagnosticList) {
    if !contents.faults.isEmpty && options.badLabels == .fail {
      let rows = contents.report.badRows
      throw DiagnosticList(
        contents.faults + [
          Diagnostic(
            .note,
            "\(rows) bad label row\(rows == 1 ? "" : "s") in \(contents.filesWithFaults)"
              + " file\(contents.filesWithFaults == 1 ? "" : "s"); correct them, or leave such rows out with"
              + " skip_bad=true")
        ])
    }
    if contents.paths.isEmpty {
      let reasons = contents.report.skipped.prefix(5).map { Diagnostic(.note, $0.description) }
      throw DiagnosticList(
        [
          Diagnostic(
            .error,
            "none of the \(contents.report.skipped.count) pictures of '\(split.rawValue)' can be used",
            at: source.images.first?.location)
        ] + reasons)
    }
    if contents.report.objects == 0 && options.needsObjects {
      let place =
        source.annotations.map { "in '\($0.path)'" }
        ?? "; for '\(contents.paths[0])', say, they should be in '\(LabelPath.of(image: contents.paths[0]))'"
      throw DiagnosticList([
        Diagnostic(
          .error,
          "there are no labels for any of the \(contents.paths.count) pictures of '\(split.rawValue)'"
            + (source.annotations != nil ? " \(place)" : isNamed ? "" : place),
          at: source.annotations?.location ?? source.images.first?.location)
      ])
    }
  }

  /// The first ones of `items`, as many as the fraction says; a half rounds to even, as in the reference.
  static func share<Item>(_ fraction: Double, of items: [Item]) -> [Item] {
    if fraction >= 1 { return items }
    let count = (Double(items.count) * max(fraction, 0)).rounded(.toNearestOrEven)
    return Array(items.prefix(max(1, Int(count))))
  }
}

extension IndexContents {
  /// Handles runs of images on all threads, and joins the results in order.
  static func gather(
    _ count: Int, keypointCount: Int, withIDs: Bool,
    _ handle: @Sendable (_ image: Int, _ contents: inout IndexContents) -> Void
  ) -> IndexContents {
    let block = 64
    let blocks = (count + block - 1) / block
    let results = Mutex([IndexContents?](repeating: nil, count: blocks))
    ThreadTeam.forEach(blocks) { index in
      var part = IndexContents(keypointCount: keypointCount)
      if withIDs { part.imageIDs = [] }
      for image in (index * block)..<min((index + 1) * block, count) { handle(image, &part) }
      results.withLock { $0[index] = part }
    }
    var joined = IndexContents(keypointCount: keypointCount)
    if withIDs { joined.imageIDs = [] }
    results.withLock { results in
      for index in results.indices {
        if let part = results[index] { joined.append(part) }
        results[index] = nil
      }
    }
    return joined
  }
}
