internal import FileSystem

extension COCOAnnotations {
  /// Reads an annotation file of any size: its lists are parsed piece by piece on all threads, and what is not
  /// needed (segmentations, licences) is stepped over.
  ///
  /// Each annotation needs `id`, `image_id`, `category_id`, `bbox` and `area`; the fields of keypoints may be
  /// missing. Ids are not compared with each other here.
  ///
  /// - Parameters:
  ///   - allowNonFinite: let NaN and infinite coordinates pass, as the reference evaluation does.
  ///   - needsAnnotations: whether the list `annotations` must be there; files that describe images alone, such as
  ///     COCO's of its test sets, have none.
  /// - Throws: `COCOFileError` with the record and field at fault, or `FileError`.
  public static func read(
    _ path: String, allowNonFinite: Bool = false, needsAnnotations: Bool = true
  ) throws -> COCOAnnotations {
    var result = COCOAnnotations(path: path)
    var cursor = try JSONFileCursor(path)
    guard try cursor.peek() == UInt8(ascii: "{") else {
      let isList = try cursor.peek() == UInt8(ascii: "[")
      throw COCOFileError(
        path: path,
        message: "a COCO annotation file is an object with 'images', 'annotations' and 'categories'"
          + (isList ? "; this is a list, as results are: are the two files exchanged?" : ""))
    }
    try cursor.expect(UInt8(ascii: "{"), "at the beginning")
    var seen: Set<String> = []
    if try !cursor.accept(UInt8(ascii: "}")) {
      repeat {
        let key = try cursor.key()
        guard ["images", "annotations", "categories"].contains(key) else {
          try cursor.skipValue()
          continue
        }
        guard seen.insert(key).inserted else { throw cursor.error("'\(key)' is there twice") }
        guard try cursor.accept(UInt8(ascii: "[")) else { throw cursor.error("'\(key)' must be a list") }
        let list = RecordList(cursor.file, at: cursor.offset, name: key)
        switch key {
        case "images": result.images = try readImages(list)
        case "categories": result.categories = try readCategories(list)
        default:
          result.append(try list.read(AnnotationPart.fields) { try AnnotationPart($0, allowNonFinite) })
        }
        cursor.seek(to: list.end)
      } while try cursor.accept(UInt8(ascii: ","))
      try cursor.expect(UInt8(ascii: "}"), "after the last member")
    }
    if try cursor.peek() != nil { throw cursor.error("there is text after the end of the object") }
    if !needsAnnotations { seen.insert("annotations") }
    for key in ["images", "annotations", "categories"] where !seen.contains(key) {
      throw COCOFileError(path: path, message: "the list '\(key)' is missing")
    }
    return result
  }

  private static func readImages(_ list: RecordList) throws -> [COCOImage] {
    let fields = [
      RecordField("id", .integer), RecordField("width", .integer), RecordField("height", .integer),
      RecordField("file_name", .text),
    ]
    return try list.read(fields) { batch in
      try batch.require(0)
      for field in 1...3 { try batch.allow(field) }
      return (0..<batch.count).map { record in
        COCOImage(
          id: Int(batch.reader.integers(0)[record]), width: Int(batch.reader.integers(1)[record]),
          height: Int(batch.reader.integers(2)[record]), fileName: batch.reader.text(3, of: record))
      }
    }.flatMap { $0 }
  }

  private static func readCategories(_ list: RecordList) throws -> [COCOCategory] {
    let fields = [
      RecordField("id", .integer), RecordField("name", .text), RecordField("keypoints", .texts),
      RecordField("skeleton", .pairs),
    ]
    return try list.read(fields) { batch in
      try batch.require(0)
      for field in 1...3 { try batch.allow(field) }
      return try (0..<batch.count).map { record in
        COCOCategory(
          id: Int(batch.reader.integers(0)[record]), name: batch.reader.text(1, of: record),
          keypointNames: batch.reader.text(2, of: record).split(separator: "\0").map { String($0) },
          limbs: try batch.reader.values(3, of: record).map { try limbEnd($0, batch, record) })
      }
    }.flatMap { $0 }
  }

  /// The index, from 0, of a keypoint that a skeleton names.
  private static func limbEnd(_ value: Double, _ batch: RecordBatch, _ record: Int) throws -> Int {
    guard let number = Int32(exactly: value) else {
      throw batch.error(record, 3, "has \(value), but keypoints are whole numbers from 1")
    }
    return Int(number) - 1
  }

  private mutating func append(_ parts: [AnnotationPart]) {
    for part in parts {
      ids += part.ids
      imageIDs += part.imageIDs
      categoryIDs += part.categoryIDs
      areas += part.areas
      boxes += part.boxes
      isCrowd += part.isCrowd
      statedKeypointCounts += part.statedKeypointCounts
      let base = keypoints.count
      keypointRanges += part.keypointEnds.map { base + $0 }
      keypoints += part.keypoints
      missingCrowdFlags += part.missingCrowdFlags
    }
  }
}

/// The columns of one piece of the list of annotations.
private struct AnnotationPart: Sendable {
  var ids: [Int] = []
  var imageIDs: [Int] = []
  var categoryIDs: [Int] = []
  var areas: [Double] = []
  var boxes: [Double] = []
  var isCrowd: [Bool] = []
  var statedKeypointCounts: [Int32] = []
  var keypointEnds: [Int] = []
  var keypoints: [Double] = []
  var missingCrowdFlags = 0

  static let fields = [
    RecordField("id", .integer), RecordField("image_id", .integer), RecordField("category_id", .integer),
    RecordField("area", .number), RecordField("bbox", .numbers), RecordField("iscrowd", .integer),
    RecordField("num_keypoints", .integer), RecordField("keypoints", .numbers),
  ]

  init(_ batch: RecordBatch, _ allowNonFinite: Bool) throws(COCOFileError) {
    for field in 0...4 { try batch.require(field) }
    for field in 5...7 { try batch.allow(field) }
    let reader = batch.reader
    ids = reader.integers(0).map { Int($0) }
    imageIDs = reader.integers(1).map { Int($0) }
    categoryIDs = reader.integers(2).map { Int($0) }
    areas = Array(reader.numbers(3))
    boxes.reserveCapacity(4 * batch.count)
    for record in 0..<batch.count {
      let box = reader.values(4, of: record)
      guard box.count == 4 else {
        throw batch.error(record, 4, "must be 4 numbers (left, top, width, height), but has \(box.count)")
      }
      boxes.append(contentsOf: box)
      isCrowd.append(reader.integers(5)[record] != 0)
      if !batch.has(5, record) { missingCrowdFlags += 1 }
      statedKeypointCounts.append(
        batch.has(6, record) ? Int32(clamping: reader.integers(6)[record]) : -1)
      let points = reader.values(7, of: record)
      guard points.count % 3 == 0 else {
        throw batch.error(
          record, 7, "must be three numbers a keypoint (x, y, visibility), but has \(points.count) numbers")
      }
      keypoints.append(contentsOf: points)
      keypointEnds.append(keypoints.count)
      if !allowNonFinite {
        try batch.requireFinite(areas[record], 3, record)
        try batch.requireFinite(box, 4, record)
        try batch.requireFinite(points, 7, record)
      }
    }
  }
}
