internal import Config
internal import FileSystem
internal import Imaging
internal import PoseCore

/// Images whose labels are text files beside them.
struct TextLabelledImages: LabelledSplit {
  static let labelFileLimit = 64 << 20

  let images: [ImageEntry]
  private let parser: LabelTextParser
  let watchedPaths: [String]?

  init(_ spec: DatasetSpec, _ source: SplitSource, _ options: IndexOptions) throws(DiagnosticList) {
    images = try source.imagePaths().map { ImageEntry(path: $0) }
    watchedPaths = source.watchedPaths
    parser = LabelTextParser(
      classCount: options.singleClass ? Int.max : spec.classNames.count,
      keypointCount: spec.skeleton.keypointCount, dimensions: spec.skeleton.dimensions)
  }

  func labels(of image: Int, size: ImageSize) -> ImageLabels {
    let path = LabelPath.of(image: images[image].path)
    var labels = ImageLabels()
    do throws(FileError) {
      let file = try RandomAccessFile(path)
      if file.size > Self.labelFileLimit {
        labels.faults.append(Diagnostic(.error, "'\(path)' has \(file.size) bytes; is it a label file?"))
      } else {
        let content = parser.parse(try file.read(at: 0, count: file.size), path: path, size: size)
        labels.objects = content.objects
        labels.duplicateRows = content.duplicateRows
        labels.faults = LabelFaults(first: content.faults, count: content.badRows)
      }
    } catch {
      if error.isMissing {
        labels.isMissing = true
      } else {
        labels.faults.append(Diagnostic(.error, "\(error)"))
      }
    }
    return labels
  }

  func labelFile(of image: Int) -> String? { LabelPath.of(image: images[image].path) }

  func warnings(on report: IndexReport, otherSizes: Int) -> [Diagnostic] {
    let missing = report.missingLabelFiles
    guard missing > 0, report.objects > 0, 2 * missing > report.images + report.skipped.count else {
      return []
    }
    return [
      Diagnostic(
        .warning,
        "\(missing) of \(report.images + report.skipped.count) pictures have no label file and count as background"
      )
    ]
  }
}
