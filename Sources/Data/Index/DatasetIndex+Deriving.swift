internal import Config
internal import Imaging
internal import PoseCore

extension DatasetIndex {
  /// An index made from parts of others.
  private init(
    like index: DatasetIndex, skeleton: Skeleton? = nil, classNames: [String]? = nil, paths: [String],
    sizes: [PackedSize], labels: LabelTable, imageIDs: [Int], report: IndexReport, fingerprint: String
  ) {
    split = index.split
    self.skeleton = skeleton ?? index.skeleton
    self.classNames = classNames ?? index.classNames
    self.paths = paths
    self.sizes = sizes
    self.labels = labels
    self.imageIDs = imageIDs
    // The numbers belong to the labels' own classes.
    categoryIDs = classNames == nil ? index.categoryIDs : []
    self.report = report
    self.fingerprint = fingerprint
    check = nil
  }

  private static func hash(_ parts: [String]) -> String {
    var hash = ContentHash()
    for part in parts { hash.add(part) }
    return hash.text
  }

  private static func count(_ labels: LabelTable, into report: inout IndexReport) {
    report.images = labels.imageCount
    report.objects = labels.count
    report.trainableObjects = labels.flags.count { $0.isTrainable }
    report.backgrounds = (0..<labels.imageCount).count { labels.objects(of: $0).isEmpty }
  }

  /// Some of the images, in their order; those that have changed since they were indexed are left out.
  private func selecting(_ title: String, _ isWanted: (Int) -> Bool, _ isKept: (Int) -> Bool = { _ in true })
    -> DatasetIndex
  {
    check?.run(seconds: .infinity)
    let changed = Set(check?.changes ?? [])
    var labels = LabelTable(keypointCount: labels.keypointCount)
    let places = (0..<count).filter { !changed.contains($0) && isWanted($0) }
    for image in places {
      for object in self.labels.objects(of: image) where isKept(object) {
        labels.append(self.labels.object(object))
      }
      labels.closeImage()
    }
    var report = report
    Self.count(labels, into: &report)
    return DatasetIndex(
      like: self, paths: places.map { paths[$0] }, sizes: places.map { sizes[$0] }, labels: labels,
      imageIDs: places.map(imageID), report: report, fingerprint: Self.hash([fingerprint, title]))
  }

  /// The same with objects of some classes alone; images that lose all of theirs stay, as background.
  public func keeping(classes: [Int]) -> DatasetIndex {
    let wanted = Set(classes.map { Int32(clamping: $0) })
    return selecting("classes \(wanted.sorted())", { _ in true }) { wanted.contains(labels.classes[$0]) }
  }

  /// The images with at least one object with a labelled keypoint that is no crowd: of COCO's val2017 2,346.
  public var withLabelledKeypoints: DatasetIndex {
    selecting("labelled") { image in labels.objects(of: image).contains { isLabelled($0) } }
  }

  /// How many images `withLabelledKeypoints` has.
  public var labelledImageCount: Int {
    (0..<count).count { image in labels.objects(of: image).contains { isLabelled($0) } }
  }

  private func isLabelled(_ object: Int) -> Bool {
    if labels.flags[object].contains(.crowd) { return false }
    let visibilities = labels.visibilities[
      (object * labels.keypointCount)..<((object + 1) * labels.keypointCount)]
    return visibilities.contains { $0 > 0 }
  }

  /// This index followed by others, whose keypoints and classes are converted by their names.
  ///
  /// Objects of classes that this index does not have are left out.
  ///
  /// - Returns: the whole, which images of it are whose, and what was not found in both.
  /// - Throws: `SkeletonMap.NoMatch`.
  public func joined(
    with others: [DatasetIndex]
  ) throws(SkeletonMap.NoMatch) -> (index: DatasetIndex, parts: [Range<Int>], notes: [String]) {
    var paths: [String] = []
    var sizes: [PackedSize] = []
    var labels = LabelTable(keypointCount: labels.keypointCount)
    var report = IndexReport()
    var parts: [Range<Int>] = []
    var notes: [String] = []
    for (number, other) in ([self] + others).enumerated() {
      other.check?.run(seconds: .infinity)
      let changed = Set(other.check?.changes ?? [])
      let map = try SkeletonMap(from: other.skeleton, to: skeleton)
      let classes = other.classNames.map { name in
        number == 0 || other.classNames.count == 1 && classNames.count == 1
          ? classNames.firstIndex(of: name) ?? 0 : classNames.firstIndex(of: name)
      }
      if !map.missing.isEmpty {
        notes.append("data set \(number + 1) of the mixture has no \(map.missing.joined(separator: ", "))")
      }
      if !map.unused.isEmpty {
        notes.append(
          "of data set \(number + 1) of the mixture \(map.unused.joined(separator: ", ")) are not used")
      }
      var foreign = 0
      let first = paths.count
      for image in 0..<other.count where !changed.contains(image) {
        paths.append(other.paths[image])
        sizes.append(other.sizes[image])
        for place in other.labels.objects(of: image) {
          var object = other.labels.object(place)
          guard classes.indices.contains(object.instance.classIndex),
            let index = classes[object.instance.classIndex]
          else {
            foreign += 1
            continue
          }
          object.instance = map.apply(to: object.instance)
          object.instance.classIndex = index
          object.id = labels.count + 1
          labels.append(object)
        }
        labels.closeImage()
      }
      if foreign > 0 {
        notes.append("\(foreign) objects of data set \(number + 1) of the mixture are of other classes")
      }
      parts.append(first..<paths.count)
      report.skipped += other.report.skipped
      report.mislabelledExtensions += other.report.mislabelledExtensions
      report.missingLabelFiles += other.report.missingLabelFiles
      report.badRows += other.report.badRows
      report.duplicateRows += other.report.duplicateRows
      report.warnings += other.report.warnings
    }
    Self.count(labels, into: &report)
    let index = DatasetIndex(
      like: self, paths: paths, sizes: sizes, labels: labels, imageIDs: [], report: report,
      fingerprint: Self.hash([fingerprint] + others.map(\.fingerprint)))
    return (index, parts, notes)
  }
}
