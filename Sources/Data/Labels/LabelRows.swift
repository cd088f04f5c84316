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
  /// there is no such file.
  ///
  /// - Throws: `DiagnosticList` with the first faults; `FileError`.
  package func rows(ofImage image: String) throws -> [[Double]] {
    let path = LabelPath.of(image: image)
    let file: RandomAccessFile
    do throws(FileError) {
      file = try RandomAccessFile(path)
    } catch {
      if error.isMissing { return [] }
      throw error
    }
    guard file.size <= TextLabelledImages.labelFileLimit else {
      throw DiagnosticList([Diagnostic(.error, "'\(path)' has \(file.size) bytes; is it a label file?")])
    }
    var rows: [[Double]] = []
    let faults = parser.scan(try file.read(at: 0, count: file.size), path: path) { values, _ in
      rows.append(values)
    }
    if faults.count > 0 { throw DiagnosticList(faults.first) }
    return rows
  }
}
