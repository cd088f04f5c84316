internal import Config
internal import FileSystem
internal import PoseCore

/// The file that a snapshot is kept in.
///
/// Magic, version and key, then the snapshot's arrays, each with its length before it and padded to 8 bytes, and a
/// checksum of it all. It is written under another name and renamed, so that it is always
/// whole; a file that is not, is of another version or has been tampered with, counts as none.
enum IndexFile {
  private static let magic: UInt64 = 0x5844_4E49_4C50_0A0D
  /// To be raised with every change of the form, and of what labels are read as.
  static let version: UInt64 = 2
  private static let checksumSize = 16
  /// COCO's largest split takes 75 MB.
  private static let sizeLimit = 8 << 30

  /// - Throws: `FileError`.
  static func write(_ snapshot: IndexSnapshot, key: IndexKey, to path: String) throws(FileError) {
    let file = try AtomicFile(path, durable: false)
    var writer = ByteWriter(file)
    for word in [magic, version, key.first, key.second] { try writer.append(word) }
    try writer.append(snapshot)
    try writer.finish()
    try file.commit()
  }

  /// The snapshot; nil where there is none that can be used.
  static func read(_ path: String, key: IndexKey, keypointCount: Int, classCount: Int) -> IndexSnapshot? {
    guard let file = try? MappedFile(path), file.size >= checksumSize, file.size <= sizeLimit,
      file.size % 8 == 0
    else { return nil }
    let read = try? file.withBytes(0..<file.size) { bytes -> IndexSnapshot? in
      let body = UnsafeRawBufferPointer(rebasing: bytes.dropLast(checksumSize))
      var reader = ByteReader(body)
      guard reader.word() == magic, reader.word() == version, reader.word() == key.first,
        reader.word() == key.second
      else { return nil }
      let checksum = ContentHash.of(words: body)
      var end = ByteReader(UnsafeRawBufferPointer(rebasing: bytes.suffix(checksumSize)))
      guard end.word() == checksum.first, end.word() == checksum.second else { return nil }
      guard let snapshot = reader.snapshot(keypointCount: keypointCount), reader.isAtEnd,
        snapshot.isSound(classCount: classCount)
      else { return nil }
      return snapshot
    }
    return read ?? nil
  }
}

extension ByteWriter {
  fileprivate mutating func append(_ files: WatchedFiles) throws(FileError) {
    try append(files.names)
    try append(files.starts)
    try append(files.stamps)
  }

  fileprivate mutating func append(_ snapshot: IndexSnapshot) throws(FileError) {
    try append(snapshot.shared)
    try append(snapshot.images)
    try append(snapshot.labelFiles)
    try append(snapshot.notes)
    try append(snapshot.duplicateRows)
    try append(snapshot.sizes)
    try append(snapshot.imageIDs)
    try append(snapshot.categoryIDs)
    try append(UInt64(snapshot.isWhole ? 1 : 0))
    try append(Array(snapshot.fingerprint.utf8))
    try append(UInt64(snapshot.warnings.count))
    for warning in snapshot.warnings { try append(warning) }
    try append(snapshot.labels)
  }

  private mutating func append(_ labels: LabelTable) throws(FileError) {
    try append(labels.starts)
    try append(labels.classes)
    try append(labels.boxes)
    try append(labels.points)
    try append(labels.visibilities)
    try append(labels.ids)
    try append(labels.areas)
    try append(labels.flags.map(\.rawValue))
  }

  private mutating func append(_ warning: Diagnostic) throws(FileError) {
    try append(Array(warning.severity.rawValue.utf8))
    try append(Array(warning.message.utf8))
    try append(Array((warning.location?.file ?? "").utf8))
    for number in [warning.location?.line, warning.location?.column, warning.location?.length] {
      try append(UInt64(bitPattern: Int64(number ?? 0)))
    }
    try append(Array((warning.sourceLine ?? "").utf8))
  }
}

extension ByteReader {
  fileprivate mutating func snapshot(keypointCount: Int) -> IndexSnapshot? {
    var snapshot = IndexSnapshot(keypointCount: keypointCount)
    guard let shared = files(), let images = files(), let labelFiles = files(),
      let notes = array(ImageNotes.self), let duplicates = array(Int32.self),
      let sizes = array(PackedSize.self), let ids = array(Int.self), let categories = array(Int.self),
      let flags = word(),
      let fingerprint = text(), let warningCount = word(), warningCount <= 1000
    else { return nil }
    snapshot.shared = shared
    snapshot.images = images
    snapshot.labelFiles = labelFiles
    snapshot.notes = notes
    snapshot.duplicateRows = duplicates
    snapshot.sizes = sizes
    snapshot.imageIDs = ids
    snapshot.categoryIDs = categories
    snapshot.isWhole = flags & 1 != 0
    snapshot.fingerprint = fingerprint
    for _ in 0..<warningCount {
      guard let warning = warning() else { return nil }
      snapshot.warnings.append(warning)
    }
    guard let labels = labels(keypointCount: keypointCount) else { return nil }
    snapshot.labels = labels
    return snapshot
  }

  private mutating func files() -> WatchedFiles? {
    guard let names = array(UInt8.self), let starts = array(Int64.self), let stamps = array(FileStamp.self)
    else { return nil }
    return WatchedFiles(names: names, starts: starts, stamps: stamps)
  }

  private mutating func text() -> String? {
    array(UInt8.self).flatMap { String(validating: $0, as: UTF8.self) }
  }

  private mutating func warning() -> Diagnostic? {
    guard let severity = text().flatMap(Diagnostic.Severity.init), let message = text(), let file = text(),
      let line = word(), let column = word(), let length = word(), let source = text()
    else { return nil }
    let location =
      file.isEmpty
      ? nil
      : SourceLocation(
        file: file, line: Int(truncatingIfNeeded: line), column: Int(truncatingIfNeeded: column),
        length: Int(truncatingIfNeeded: length))
    return Diagnostic(severity, message, at: location, sourceLine: source.isEmpty ? nil : source)
  }

  private mutating func labels(keypointCount: Int) -> LabelTable? {
    guard let starts = array(Int32.self), let classes = array(Int32.self), let boxes = array(Float.self),
      let points = array(Float.self), let visibilities = array(UInt8.self), let ids = array(Int.self),
      let areas = array(Double.self), let flags = array(UInt8.self)
    else { return nil }
    return LabelTable(
      keypointCount: keypointCount, starts: starts, classes: classes, boxes: boxes, points: points,
      visibilities: visibilities, ids: ids, areas: areas, flags: flags.map(LabelFlags.init))
  }
}
