internal import FileSystem

extension COCOResults {
  /// Reads a results file of any size, piece by piece on all threads.
  ///
  /// Each record needs `image_id`, `category_id`, `score` and, with keypoints, `keypoints`. Boxes are there for
  /// all records or for none: then they are taken around all keypoints, labelled or not, as the reference does.
  ///
  /// - Parameters:
  ///   - keypointCount: how many keypoints every record must have; nil if only boxes are wanted.
  ///   - allowNonFinite: let NaN and infinite numbers pass, as the reference evaluation does.
  /// - Throws: `COCOFileError` with the record and field at fault, or `FileError`.
  public static func read(
    _ path: String, keypointCount: Int?, allowNonFinite: Bool = false
  ) throws -> COCOResults {
    var cursor = try JSONFileCursor(path)
    guard try cursor.accept(UInt8(ascii: "[")) else {
      let isObject = try cursor.peek() == UInt8(ascii: "{")
      throw COCOFileError(
        path: path,
        message: "COCO results are a list of detections"
          + (isObject ? "; this is an object, as annotation files are: are the two files exchanged?" : ""))
    }
    let list = RecordList(cursor.file, at: cursor.offset, name: "")
    var fields = ResultPart.fields
    if keypointCount == nil { fields.removeLast() }
    let parts = try list.read(fields) { batch in
      try ResultPart(batch, keypointCount: keypointCount, allowNonFinite: allowNonFinite)
    }
    cursor.seek(to: list.end)
    if try cursor.peek() != nil { throw cursor.error("there is text after the end of the list") }
    var result = COCOResults(path: path)
    try result.append(parts)
    return result
  }

  private mutating func append(_ parts: [ResultPart]) throws(COCOFileError) {
    let total = parts.reduce(0) { $0 + $1.scores.count }
    keypoints.reserveCapacity(parts.reduce(0) { $0 + $1.keypoints.count })
    boxes.reserveCapacity(4 * total)
    guard let first = parts.first?.hasBox.first else { return }
    boxesAreFromKeypoints = !first
    for part in parts {
      if let odd = part.hasBox.firstIndex(of: !first) {
        throw COCOFileError(
          path: path, place: "[\(count + odd)].bbox",
          message: first
            ? "is missing, while the first detection has one: give all of them a box or none"
            : "is there, while the first detection has none: give all of them a box or none")
      }
      imageIDs += part.imageIDs
      categoryIDs += part.categoryIDs
      scores += part.scores
      boxes += part.boxes
      areas += part.areas
      keypoints += part.keypoints
    }
  }
}

/// The columns of one piece of a results file.
private struct ResultPart: Sendable {
  var imageIDs: [Int]
  var categoryIDs: [Int]
  var scores: [Double]
  var hasBox: [Bool] = []
  var boxes: [Double] = []
  var areas: [Double] = []
  var keypoints: [Double] = []

  static let fields = [
    RecordField("image_id", .integer), RecordField("category_id", .integer), RecordField("score", .number),
    RecordField("bbox", .numbers), RecordField("keypoints", .numbers),
  ]

  init(_ batch: RecordBatch, keypointCount: Int?, allowNonFinite: Bool) throws(COCOFileError) {
    for field in 0...2 { try batch.require(field) }
    try batch.allow(3)
    if keypointCount != nil { try batch.require(4) }
    imageIDs = batch.reader.integers(0).map { Int($0) }
    categoryIDs = batch.reader.integers(1).map { Int($0) }
    scores = Array(batch.reader.numbers(2))
    boxes.reserveCapacity(4 * batch.count)
    keypoints.reserveCapacity(2 * (keypointCount ?? 0) * batch.count)
    for record in 0..<batch.count {
      if !allowNonFinite { try batch.requireFinite(scores[record], 2, record) }
      if let keypointCount { try addKeypoints(batch, record, keypointCount, allowNonFinite) }
      try addBox(batch, record, allowNonFinite)
    }
  }

  private mutating func addKeypoints(
    _ batch: RecordBatch, _ record: Int, _ keypointCount: Int, _ allowNonFinite: Bool
  ) throws(COCOFileError) {
    let values = batch.reader.values(4, of: record)
    guard values.count == 3 * keypointCount else {
      throw batch.error(
        record, 4,
        "has \(values.count) numbers, but \(keypointCount) keypoints, as the annotations have, take"
          + " \(3 * keypointCount) (x, y, confidence for each)")
    }
    if !allowNonFinite { try batch.requireFinite(values, 4, record) }
    for axis in 0..<2 {
      for index in 0..<keypointCount { keypoints.append(values[3 * index + axis]) }
    }
  }

  private mutating func addBox(
    _ batch: RecordBatch, _ record: Int, _ allowNonFinite: Bool
  ) throws(COCOFileError) {
    let values = batch.reader.values(3, of: record)
    hasBox.append(!values.isEmpty)
    if values.isEmpty {
      appendBoxAroundKeypoints(batch.reader.fields.count > 4 ? batch.reader.values(4, of: record) : values)
    } else {
      guard values.count == 4 else {
        throw batch.error(
          record, 3, "must be 4 numbers (left, top, width, height), but has \(values.count)")
      }
      if !allowNonFinite { try batch.requireFinite(values, 3, record) }
      boxes.append(contentsOf: values)
      areas.append(values[2] * values[3])
    }
  }

  /// The smallest box with all keypoints; NaN wherever a coordinate is.
  private mutating func appendBoxAroundKeypoints(_ values: UnsafeBufferPointer<Double>) {
    guard values.count >= 3 else {
      boxes.append(contentsOf: [0, 0, 0, 0])
      areas.append(0)
      return
    }
    var low = (values[0], values[1])
    var high = low
    for index in stride(from: 3, to: values.count - 2, by: 3) {
      let (x, y) = (values[index], values[index + 1])
      low = (x < low.0 || x.isNaN ? x : low.0, y < low.1 || y.isNaN ? y : low.1)
      high = (x > high.0 || x.isNaN ? x : high.0, y > high.1 || y.isNaN ? y : high.1)
    }
    boxes.append(contentsOf: [low.0, low.1, high.0 - low.0, high.1 - low.1])
    areas.append((high.0 - low.0) * (high.1 - low.1))
  }
}
