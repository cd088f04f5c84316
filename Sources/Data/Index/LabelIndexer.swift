internal import Config
internal import Imaging
internal import PoseCore

/// Reads the headers and labels of a split's images on all threads, whatever form the labels have.
struct LabelIndexer: Sendable {
  /// An image that is used, and its place among the form's.
  private struct Entry: Sendable {
    var image: ImageEntry
    var place: Int
  }

  private let images: any LabelledSplit
  /// Sorted by path; equal paths in the order of the labels.
  private let entries: [Entry]
  private let options: IndexOptions
  private let keypointCount: Int
  private let classCount: Int
  /// An index of the same that was kept: what has not changed since is not read again.
  private let earlier: EarlierIndex?

  init(
    _ spec: DatasetSpec, _ images: any LabelledSplit, _ options: IndexOptions, earlier: EarlierIndex? = nil
  ) {
    self.images = images
    self.earlier = earlier
    self.options = options
    keypointCount = spec.skeleton.keypointCount
    classCount = options.singleClass ? 1 : spec.classNames.count
    let sorted = images.images.enumerated().map { Entry(image: $0.element, place: $0.offset) }.sorted {
      ($0.image.path, $0.place) < ($1.image.path, $1.place)
    }
    entries = DatasetIndex.share(options.fraction, of: sorted)
  }

  func contents() -> IndexContents {
    let haveIDs = !entries.isEmpty && entries.allSatisfy { $0.image.id != nil }
    var contents = IndexContents.gather(entries.count, keypointCount: keypointCount, withIDs: haveIDs) {
      index, contents in
      add(entries[index], to: &contents)
    }
    let shared = images.sharedFaults
    if shared.count > 0 {
      contents.report.badRows += shared.count
      contents.faults = Array((shared.first + contents.faults).prefix(LabelTextParser.faultLimit))
      contents.filesWithFaults += 1
    }
    contents.report.warnings += images.warnings(on: contents.report, otherSizes: contents.sizeMismatches)
    return contents
  }

  private func add(_ entry: Entry, to contents: inout IndexContents) {
    let path = entry.image.path
    let stamps = stamps(of: entry)
    if let known = earlier?.image(path, stamps) {
      append(known.objects, known.size, known.notes, known.duplicateRows, entry, stamps, to: &contents)
      return
    }
    do throws(ImageError) {
      let header = try ImageHeader(contentsOf: path, limits: options.imageLimits)
      let size = ImageSize(width: header.width, height: header.height)
      var labels = images.labels(of: entry.place, size: size)
      check(&labels, of: path)
      var notes: ImageNotes = []
      if labels.isMissing { notes.insert(.missingLabels) }
      if let stated = labels.statedSize, stated != size { notes.insert(.otherSize) }
      if !header.matchesExtension(of: path) { notes.insert(.otherExtension) }
      contents.report.badRows += labels.faults.count
      if labels.faults.count > 0 {
        contents.filesWithFaults += 1
        contents.faults += labels.faults.first.prefix(
          max(0, LabelTextParser.faultLimit - contents.faults.count))
      }
      append(
        labels.objects, PackedSize(size), notes, Int32(clamping: labels.duplicateRows), entry,
        labels.faults.count > 0 ? (.unsettled, .unsettled) : stamps, to: &contents)
    } catch {
      contents.report.skipped.append(error)
    }
  }

  private func append(
    _ objects: [LabelledObject], _ size: PackedSize, _ notes: ImageNotes, _ duplicateRows: Int32,
    _ entry: Entry, _ stamps: (image: FileStamp, labels: FileStamp), to contents: inout IndexContents
  ) {
    contents.append(entry.image.path, size, objects, notes)
    contents.duplicateRows.append(duplicateRows)
    contents.report.duplicateRows += Int(duplicateRows)
    contents.imageStamps.append(stamps.image)
    contents.labelStamps.append(stamps.labels)
    contents.places.append(Int32(clamping: entry.place))
    if let id = entry.image.id { contents.imageIDs?.append(id) }
  }

  /// Taken before the files are read: an edit in between makes them look older than they are, never newer.
  private func stamps(of entry: Entry) -> (image: FileStamp, labels: FileStamp) {
    guard options.store.isEnabled, images.watchedPaths != nil else { return (.unsettled, .unsettled) }
    return (FileStamp(entry.image.path), images.labelFile(of: entry.place).map(FileStamp.init) ?? .absent)
  }

  /// Leaves out objects that do not fit the data set, whatever their form lets through.
  private func check(_ labels: inout ImageLabels, of path: String) {
    if options.singleClass {
      for index in labels.objects.indices { labels.objects[index].instance.classIndex = 0 }
    }
    guard let first = labels.objects.firstIndex(where: { fault(of: $0) != nil }) else { return }
    let suspects = labels.objects[first...]
    labels.objects.removeSubrange(first...)
    for object in suspects {
      if let fault = fault(of: object) {
        labels.faults.append(Diagnostic(.error, "the labels of '\(path)': \(fault)"))
      } else {
        labels.objects.append(object)
      }
    }
  }

  private func fault(of object: LabelledObject) -> String? {
    let instance = object.instance
    if instance.keypoints.count != keypointCount {
      return "an object has \(instance.keypoints.count) keypoints, but 'kpt_shape' says \(keypointCount)"
    }
    if instance.classIndex < 0 || instance.classIndex >= classCount {
      return "there is no class \(instance.classIndex): classes are 0 to \(classCount - 1)"
    }
    let box = instance.box
    let isFinite =
      box.x1.isFinite && box.y1.isFinite && box.x2.isFinite && box.y2.isFinite && object.area.isFinite
      && instance.keypoints.allSatisfy { $0.x.isFinite && $0.y.isFinite }
    return isFinite ? nil : "an object has a number that is infinite, not a number, or too large"
  }
}
