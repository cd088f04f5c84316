internal import Config
internal import Imaging
internal import PoseCore

/// Indexes images whose labels are in a COCO keypoint file. The file decides which images there are; a list file as
/// the split's images narrows them down.
struct AnnotatedImages {
  private let annotations: COCOAnnotations
  private let labels: AnnotationLabels
  private let options: IndexOptions
  /// Sorted by path.
  private let entries: [Entry]

  private struct Entry: Sendable {
    var path: String
    /// Index into the file's `images`.
    var image: Int
  }

  init(
    _ spec: DatasetSpec, _ source: SplitSource, _ place: SplitSource.Place, _ options: IndexOptions
  ) throws(DiagnosticList) {
    do {
      annotations = try COCOAnnotations.read(place.path)
      labels = try AnnotationLabels(annotations, spec, options)
    } catch let list as DiagnosticList {
      throw list
    } catch {
      throw DiagnosticList([Diagnostic(.error, AnnotatedImages.message(error), at: place.location)])
    }
    self.options = options
    var finder = ImageFinder()
    for place in source.images { try finder.add(place) }
    var entries: [Entry] = []
    for (index, image) in annotations.images.enumerated() {
      if image.fileName.isEmpty {
        throw DiagnosticList([
          Diagnostic(.error, "\(annotations.path): images[\(index)].file_name is missing", at: place.location)
        ])
      }
      if let path = finder.find(image.fileName) { entries.append(Entry(path: path, image: index)) }
    }
    if entries.isEmpty {
      let why =
        annotations.images.isEmpty ? "its list 'images' is empty" : "the list file has none of its images"
      throw DiagnosticList([
        Diagnostic(.error, "'\(annotations.path)' leaves no image: \(why)", at: place.location)
      ])
    }
    self.entries = DatasetIndex.share(
      options.fraction, of: entries.sorted { ($0.path, $0.image) < ($1.path, $1.image) })
  }

  private static func message(_ error: any Error) -> String {
    // These errors say "error:" themselves.
    "\(error)".replacing(": error: ", with: ": ")
  }

  func contents() -> IndexContents {
    var contents = IndexContents.gather(
      entries.count, keypointCount: labels.keypointCount, withIDs: true
    ) { index, contents in
      add(entries[index], to: &contents)
    }
    contents.report.badRows = labels.faultCount
    contents.faults = labels.faults
    contents.filesWithFaults = labels.faultCount > 0 ? 1 : 0
    contents.report.warnings += labels.warnings
    if contents.sizeMismatches > 0 {
      contents.report.warnings.append(
        Diagnostic(
          .warning,
          "\(contents.sizeMismatches) images have another size than '\(annotations.path)' says; labels are taken"
            + " for pixels of the upright image as it is"))
    }
    return contents
  }

  private func add(_ entry: Entry, to contents: inout IndexContents) {
    do throws(ImageError) {
      let header = try ImageHeader(contentsOf: entry.path, limits: options.imageLimits)
      contents.append(entry.path, header, labels.objects(of: entry.image))
      let stated = annotations.images[entry.image]
      contents.imageIDs?.append(stated.id)
      let differs = stated.width != header.width || stated.height != header.height
      if stated.width > 0 && stated.height > 0 && differs { contents.sizeMismatches += 1 }
    } catch {
      contents.report.skipped.append(error)
    }
  }
}
