internal import Config
internal import FileSystem
internal import Imaging
internal import PoseCore

/// Reads label files in YOLO's text form: a row an object, `class cx cy w h` and then x, y (, visibility) of each
/// keypoint, all as shares of the image's sides.
struct LabelTextParser: Sendable {
  let classCount: Int
  let keypointCount: Int
  /// 2 or 3 numbers a keypoint.
  let dimensions: Int

  /// What one file holds.
  struct Content {
    var objects: [LabelledObject] = []
    /// The first faults, at most `faultLimit`.
    var faults: [Diagnostic] = []
    /// Rows with a fault; they are not among the objects.
    var badRows = 0
    /// Rows that repeat another one; they count once.
    var duplicateRows = 0
  }

  static let faultLimit = 10
  /// How far a value may exceed 0…1 and still be taken for the edge: what rounding in other tools leaves.
  static let slack = 1e-4

  private var columnCount: Int { 5 + keypointCount * dimensions }

  /// - Parameters:
  ///   - path: for messages.
  ///   - size: of the upright image.
  func parse(_ bytes: [UInt8], path: String, size: ImageSize) -> Content {
    var content = Content()
    var seen: Set<[Double]> = []
    let faults = scan(bytes, path: path) { values, line in
      if seen.insert(values).inserted {
        var object = object(values, size: size)
        object.row = line
        content.objects.append(object)
      } else {
        content.duplicateRows += 1
      }
    }
    (content.faults, content.badRows) = (faults.first, faults.count)
    return content
  }

  /// Gives `body` the numbers of each row and its line, counted from 1.
  ///
  /// - Returns: what is wrong with the others.
  func scan(_ bytes: [UInt8], path: String, _ body: ([Double], Int) -> Void) -> LabelFaults {
    var faults = LabelFaults()
    var line = 0
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < bytes.count {
      line += 1
      // A lone carriage return ends a line as well.
      let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
      let row = bytes[start..<end]
      let endsInPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
      start = end + (endsInPair ? 2 : 1)
      if row.allSatisfy(Self.isBlank) { continue }
      do throws(RowFault) {
        body(try values(of: row), line)
      } catch {
        faults.append(error.diagnostic(path: path, line: line, row: row))
      }
    }
    return faults
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0B || byte == 0x0C
  }

  /// The checked numbers of a row.
  private func values(of row: ArraySlice<UInt8>) throws(RowFault) -> [Double] {
    let fields = row.split(whereSeparator: Self.isBlank)
    guard fields.count == columnCount else {
      throw RowFault(row, columnFault(fields.count))
    }
    var values: [Double] = []
    values.reserveCapacity(fields.count)
    for (column, field) in fields.enumerated() {
      guard let value = DecimalNumber.parse(field) else {
        throw RowFault(field, "\(name(of: column)) must be a number, but is '\(text(field))'")
      }
      guard value.isFinite else {
        throw RowFault(field, "\(name(of: column)) must be a finite number, but is '\(text(field))'")
      }
      values.append(try checked(value, column: column, field))
    }
    for side in 3...4 where values[side] <= 0 {
      throw RowFault(
        fields[side], "\(name(of: side)) is 0: a box must have a size; delete the row or correct the box")
    }
    return values
  }

  private func checked(
    _ value: Double, column: Int, _ field: ArraySlice<UInt8>
  ) throws(RowFault) -> Double {
    if column == 0 {
      guard value >= 0, value < Double(classCount), value == value.rounded() else {
        let known = classCount == 1 ? "the only class is 0" : "classes are 0 to \(classCount - 1)"
        throw RowFault(field, "there is no class \(text(field)): \(known) (see 'names' in the dataset YAML)")
      }
      return value
    }
    if isVisibility(column) {
      guard value == 0 || value == 1 || value == 2 else {
        throw RowFault(
          field,
          "\(name(of: column)) must be 0 (not labelled), 1 (hidden) or 2 (visible), but is \(text(field))")
      }
      return value
    }
    guard value >= -Self.slack, value <= 1 + Self.slack else {
      let hint = value > 1 ? "; are these pixels? divide by the image's width and height" : ""
      throw RowFault(
        field, "\(name(of: column)) must lie within 0…1, but is \(text(field))\(hint)")
    }
    return min(max(value, 0), 1)
  }

  private func isVisibility(_ column: Int) -> Bool { dimensions == 3 && column >= 5 && column % 3 == 1 }

  private func name(of column: Int) -> String {
    if column < 5 { return ["the class", "box x", "box y", "box width", "box height"][column] }
    let (point, part) = (column - 5).quotientAndRemainder(dividingBy: dimensions)
    return "keypoint \(point) \(["x", "y", "visibility"][part])"
  }

  private func columnFault(_ count: Int) -> String {
    let parts = dimensions == 3 ? "x, y and visibility" : "x and y"
    var text =
      "the row has \(count) columns, but \(columnCount) are wanted: class, box x, y, width, height, and \(parts)"
      + " of \(keypointCount) keypoint\(keypointCount == 1 ? "" : "s")"
    let other = 5 - dimensions
    if count == 5 {
      text += "; this is a box without keypoints"
    } else if count == 5 + keypointCount * other {
      text += "; with 'kpt_shape: [\(keypointCount), \(other)]' in the dataset YAML it would fit"
    }
    return text
  }

  private func text(_ field: ArraySlice<UInt8>) -> String {
    String(decoding: field.prefix(40), as: UTF8.self) + (field.count > 40 ? "…" : "")
  }

  private func object(_ values: [Double], size: ImageSize) -> LabelledObject {
    let (width, height) = (Double(size.width), Double(size.height))
    let box = Box(
      x1: Float((values[1] - values[3] / 2) * width), y1: Float((values[2] - values[4] / 2) * height),
      x2: Float((values[1] + values[3] / 2) * width), y2: Float((values[2] + values[4] / 2) * height))
    let keypoints = (0..<keypointCount).map { point in
      let column = 5 + point * dimensions
      let (x, y) = (values[column], values[column + 1])
      // Without a visibility, (0, 0) stands for a point that was not labelled. (The reference trains on it.)
      let raw = dimensions == 3 ? UInt8(values[column + 2]) : x == 0 && y == 0 ? 0 : 2
      return Keypoint(
        x: Float(x * width), y: Float(y * height), visibility: Visibility(rawValue: raw) ?? .unlabelled)
    }
    return LabelledObject(
      instance: Instance(classIndex: Int(values[0]), box: box, keypoints: keypoints), id: 0,
      area: values[3] * width * values[4] * height)
  }
}

/// What is wrong with a row, and which part of it.
private struct RowFault: Error {
  let field: ArraySlice<UInt8>
  let message: String

  init(_ field: ArraySlice<UInt8>, _ message: String) {
    self.field = field
    self.message = message
  }

  func diagnostic(path: String, line: Int, row: ArraySlice<UInt8>) -> Diagnostic {
    func length(_ bytes: ArraySlice<UInt8>) -> Int {
      String(decoding: bytes, as: UTF8.self).unicodeScalars.count
    }
    let location = SourceLocation(
      file: path, line: line, column: length(row[row.startIndex..<field.startIndex]) + 1,
      length: max(length(field), 1))
    // Hostile files have endless lines; what is shown is cut anyway.
    let shown = String(decoding: row.prefix(10_000), as: UTF8.self)
    return Diagnostic(.error, message, at: location, sourceLine: shown)
  }
}
