internal import Config
internal import FileSystem

/// The rows of label files in YOLO's text form in double precision, for those who write them in another form.
package struct LabelRows: Sendable {
  private let parser: LabelTextParser

  package init(_ spec: DatasetSpec) {
    parser = LabelTextParser(
      classCount: spec.classNames.count, keypointCount: spec.skeleton.keypointCount,
      dimensions: spec.skeleton.dimensions)
  }

  /// Checked rows of the label file of an image: class, box, keypoints, all as shares of the image's sides; none where
  /// there is no such file. Beside them what is wrong with the others, or with the file.
  package func rows(ofImage image: String) -> (rows: [[Double]], faults: LabelFaults) {
    let path = LabelPath.of(image: image)
    var rows: [[Double]] = []
    var faults = LabelFaults()
    do throws(FileError) {
      let file = try RandomAccessFile(path)
      if file.size > TextLabelledImages.labelFileLimit {
        faults.append(Diagnostic(.error, "'\(path)' has \(file.size) bytes; is it a label file?"))
      } else {
        faults = parser.scan(try file.read(at: 0, count: file.size), path: path) { values, _ in
          rows.append(values)
        }
      }
    } catch {
      if !error.isMissing { faults.append(Diagnostic(.error, "\(error)")) }
    }
    return (rows, faults)
  }
}
