internal import Config
internal import FileSystem
internal import Imaging
internal import PoseCore

/// Indexes images whose labels are text files beside them.
struct TextLabelledImages {
  private static let labelFileLimit = 64 << 20

  private let paths: [String]
  private let parser: LabelTextParser
  private let options: IndexOptions

  init(_ spec: DatasetSpec, _ source: SplitSource, _ options: IndexOptions) throws(DiagnosticList) {
    paths = DatasetIndex.share(options.fraction, of: try ImageListing.paths(at: source.images))
    parser = LabelTextParser(
      classCount: options.singleClass ? Int.max : spec.classNames.count,
      keypointCount: spec.skeleton.keypointCount, dimensions: spec.skeleton.dimensions)
    self.options = options
  }

  func contents() -> IndexContents {
    var contents = IndexContents.gather(paths.count, keypointCount: parser.keypointCount, withIDs: false) {
      image, contents in
      add(paths[image], to: &contents)
    }
    let missing = contents.report.missingLabelFiles
    if missing > 0 && contents.report.objects > 0 && 2 * missing > paths.count {
      contents.report.warnings.append(
        Diagnostic(
          .warning, "\(missing) of \(paths.count) pictures have no label file and count as background"))
    }
    return contents
  }

  private func add(_ path: String, to contents: inout IndexContents) {
    let header: ImageHeader
    do throws(ImageError) {
      header = try ImageHeader(contentsOf: path, limits: options.imageLimits)
    } catch {
      contents.report.skipped.append(error)
      return
    }
    let labelPath = LabelPath.of(image: path)
    var labels = LabelTextParser.Content()
    do throws(FileError) {
      let file = try RandomAccessFile(labelPath)
      if file.size > Self.labelFileLimit {
        labels.badRows = 1
        labels.faults = [Diagnostic(.error, "'\(labelPath)' has \(file.size) bytes; is it a label file?")]
      } else {
        let size = ImageSize(width: header.width, height: header.height)
        labels = parser.parse(try file.read(at: 0, count: file.size), path: labelPath, size: size)
      }
    } catch {
      if error.isMissing {
        contents.report.missingLabelFiles += 1
      } else {
        labels.badRows = 1
        labels.faults = [Diagnostic(.error, "\(error)")]
      }
    }
    if options.singleClass {
      for index in labels.objects.indices { labels.objects[index].instance.classIndex = 0 }
    }
    contents.report.badRows += labels.badRows
    contents.report.duplicateRows += labels.duplicateRows
    if labels.badRows > 0 {
      contents.filesWithFaults += 1
      contents.faults += labels.faults.prefix(max(0, LabelTextParser.faultLimit - contents.faults.count))
    }
    contents.append(path, header, labels.objects)
  }
}
