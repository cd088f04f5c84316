internal import Config
internal import Imaging

/// Part of an index under construction: what a run of images holds.
struct IndexContents: Sendable {
  var paths: [String] = []
  var sizes: [PackedSize] = []
  var labels: LabelTable
  /// Nil for label files in text form.
  var imageIDs: [Int]?
  var report = IndexReport()
  /// The first faults in labels.
  var faults: [Diagnostic] = []
  var filesWithFaults = 0
  /// Images of another size than a COCO file says.
  var sizeMismatches = 0
  /// For each image, what an index that is kept has to know; see `IndexSnapshot`.
  var notes: [ImageNotes] = []
  var duplicateRows: [Int32] = []
  var imageStamps: [FileStamp] = []
  var labelStamps: [FileStamp] = []
  /// Where each image stands among those of its form.
  var places: [Int32] = []

  init(keypointCount: Int) { labels = LabelTable(keypointCount: keypointCount) }

  /// Appends an image and its objects.
  mutating func append(_ path: String, _ size: PackedSize, _ objects: [LabelledObject], _ notes: ImageNotes) {
    paths.append(path)
    sizes.append(size)
    self.notes.append(notes)
    if notes.contains(.otherExtension) { report.mislabelledExtensions.append(path) }
    if notes.contains(.missingLabels) { report.missingLabelFiles += 1 }
    if notes.contains(.otherSize) { sizeMismatches += 1 }
    for object in objects { labels.append(object) }
    labels.closeImage()
    report.images += 1
    report.objects += objects.count
    report.trainableObjects += objects.count { $0.flags.isTrainable }
    if objects.isEmpty { report.backgrounds += 1 }
  }

  /// Appends the images that follow.
  mutating func append(_ other: IndexContents) {
    paths += other.paths
    sizes += other.sizes
    labels.append(other.labels, renumbering: other.imageIDs == nil)
    if let ids = other.imageIDs { imageIDs = (imageIDs ?? []) + ids }
    report.images += other.report.images
    report.backgrounds += other.report.backgrounds
    report.objects += other.report.objects
    report.trainableObjects += other.report.trainableObjects
    report.missingLabelFiles += other.report.missingLabelFiles
    report.badRows += other.report.badRows
    report.duplicateRows += other.report.duplicateRows
    report.skipped += other.report.skipped
    report.mislabelledExtensions += other.report.mislabelledExtensions
    faults += other.faults.prefix(max(0, LabelTextParser.faultLimit - faults.count))
    filesWithFaults += other.filesWithFaults
    sizeMismatches += other.sizeMismatches
    notes += other.notes
    duplicateRows += other.duplicateRows
    imageStamps += other.imageStamps
    labelStamps += other.labelStamps
    places += other.places
  }

  func fingerprint(root: String) -> String {
    let prefix = root == "." ? "" : root.hasSuffix("/") ? root : root + "/"
    var hash = ContentHash()
    hash.add(paths.count)
    for (path, size) in zip(paths, sizes) {
      hash.add(path.hasPrefix(prefix) ? path.dropFirst(prefix.count) : path[...])
      hash.add(Int(size.width))
      hash.add(Int(size.height))
    }
    hash.add(labels.starts)
    hash.add(labels.classes)
    hash.add(labels.boxes)
    hash.add(labels.points)
    hash.add(labels.visibilities)
    hash.add(labels.areas)
    hash.add(labels.flags.map(\.rawValue))
    return hash.text
  }
}
