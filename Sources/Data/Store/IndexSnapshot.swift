internal import Config
internal import Imaging
internal import PoseCore

/// All that an index holds, with the stamps of the files it was read from.
struct IndexSnapshot: Sendable {
  /// Files and folders that everything depends on: folders that were searched, list files, files of labels.
  var shared = WatchedFiles()
  /// The image files, in the order of the index.
  var images = WatchedFiles()
  /// The label file of each image; empty if the labels are in files of `shared`.
  var labelFiles = WatchedFiles()
  var notes: [ImageNotes] = []
  /// Label rows of each image that repeat another one.
  var duplicateRows: [Int32] = []
  var sizes: [PackedSize] = []
  /// COCO's ids, or those from the files' names; empty if there are none.
  var imageIDs: [Int] = []
  /// The labels' own numbers of the classes; empty if they have none.
  var categoryIDs: [Int] = []
  var labels: LabelTable
  var warnings: [Diagnostic] = []
  var fingerprint = ""
  /// Whether no image and no row had to be left out: those are looked at again each time.
  var isWhole = true

  init(keypointCount: Int) { labels = LabelTable(keypointCount: keypointCount) }

  var count: Int { images.count }

  /// What indexing the same again would report.
  func report(paths: [String]) -> IndexReport {
    var report = IndexReport()
    report.images = count
    report.objects = labels.count
    report.trainableObjects = labels.flags.count { $0.isTrainable }
    for image in 0..<count {
      if labels.objects(of: image).isEmpty { report.backgrounds += 1 }
      report.duplicateRows += Int(duplicateRows[image])
      if notes[image].contains(.missingLabels) { report.missingLabelFiles += 1 }
      if notes[image].contains(.otherExtension) { report.mislabelledExtensions.append(paths[image]) }
    }
    report.warnings = warnings
    return report
  }

  /// Whether the other one was read from the same files in the same state.
  func describesSame(as other: IndexSnapshot) -> Bool {
    isWhole == other.isWhole && fingerprint == other.fingerprint && shared.stamps == other.shared.stamps
      && images.stamps == other.images.stamps && labelFiles.stamps == other.labelFiles.stamps
      && shared.names == other.shared.names
  }

  /// Whether the numbers can be used without a further look at each: places within bounds, classes there, values finite.
  func isSound(classCount: Int) -> Bool {
    let objects = labels.count
    return images.count == sizes.count && images.count == notes.count && images.count == duplicateRows.count
      && (labelFiles.count == 0 || labelFiles.count == images.count)
      && (imageIDs.isEmpty || imageIDs.count == images.count)
      && (categoryIDs.isEmpty || categoryIDs.count == classCount)
      && labels.isSound(images: images.count)
      && sizes.allSatisfy { $0.width > 0 && $0.height > 0 } && duplicateRows.allSatisfy { $0 >= 0 }
      && labels.classes.allSatisfy { $0 >= 0 && $0 < classCount } && labels.ids.count == objects
  }
}

/// What was odd about one image, though it is used.
struct ImageNotes: OptionSet, Sendable, BitwiseCopyable {
  let rawValue: UInt8

  /// It should have a label file and has none.
  static let missingLabels = ImageNotes(rawValue: 1)
  /// The content is of another format than the extension says.
  static let otherExtension = ImageNotes(rawValue: 2)
  /// The labels state another size.
  static let otherSize = ImageNotes(rawValue: 4)
}
