/// The central directory of a zip archive, checked against each entry's own record.
struct ZipDirectory {
  struct Entry: Sendable {
    var name: String
    /// Where the bytes lie in the file.
    var data: Range<Int>
    var checksum: UInt32
    /// Where the entry's own record begins.
    var header: Int
  }

  private(set) var entries: [Entry] = []
  private let bytes: UnsafeRawBufferPointer
  private let file: String

  private static let endSignature: UInt32 = 0x0605_4B50
  private static let wideEndSignature: UInt32 = 0x0606_4B50
  private static let wideLocatorSignature: UInt32 = 0x0706_4B50
  private static let directorySignature: UInt32 = 0x0201_4B50
  private static let localSignature: UInt32 = 0x0403_4B50
  private static let endSize = 22
  private static let wideEndSize = 56
  private static let wideLocatorSize = 20

  /// - Parameter bytes: the whole file.
  /// - Throws: `ZipError`.
  init(bytes: UnsafeRawBufferPointer, file: String) throws(ZipError) {
    self.bytes = bytes
    self.file = file
    let place = try directoryPlace()
    try readDirectory(place.range, count: place.count)
    try checkOverlaps(directory: place.range.lowerBound)
  }

  private func malformed(_ offset: Int, _ reason: String, entry: String? = nil) -> ZipError {
    ZipError(file: file, entry: entry, problem: .malformed(offset: offset, reason: reason))
  }

  private func fault(_ entry: String, _ problem: ZipError.Problem) -> ZipError {
    ZipError(file: file, entry: entry, problem: problem)
  }

  // End records

  /// Where the directory lies and how many entries it has.
  private func directoryPlace() throws(ZipError) -> (range: Range<Int>, count: Int) {
    let end = try endRecord()
    var reader = LittleEndianReader(bytes, at: end + 4)
    guard let disk = reader.number(UInt16.self), let firstDisk = reader.number(UInt16.self),
      let here = reader.number(UInt16.self), let all = reader.number(UInt16.self),
      let size = reader.number(UInt32.self), let offset = reader.number(UInt32.self)
    else { throw ZipError(file: file, problem: .truncated) }
    guard disk == 0, firstDisk == 0, here == all else { throw malformed(end, "it is one part of several") }
    var (count, length, start) = (UInt64(all), UInt64(size), UInt64(offset))
    var records = end
    if let wide = try wideRecord(before: end) {
      let agree =
        (all == .max || UInt64(all) == wide.count) && (size == .max || UInt64(size) == wide.size)
        && (offset == .max || UInt64(offset) == wide.offset)
      guard agree else { throw malformed(end, "its two end records contradict each other") }
      (count, length, start, records) = (wide.count, wide.size, wide.offset, wide.position)
    }
    guard let first = Int(exactly: start), let extent = Int(exactly: length), first <= records,
      extent == records - first
    else { throw malformed(end, "the directory does not end where the end record begins") }
    guard let number = Int(exactly: count), number <= extent / 46 else {
      throw malformed(end, "the directory is too short for \(count) entries")
    }
    return (first..<records, number)
  }

  /// The end record: the last one whose comment reaches to the end of the file.
  private func endRecord() throws(ZipError) -> Int {
    var position = bytes.count - Self.endSize
    let last = max(0, position - 0xFFFF)
    while position >= last, position >= 0 {
      var reader = LittleEndianReader(bytes, at: position)
      if reader.number(UInt32.self) == Self.endSignature {
        reader.position = position + 20
        if let comment = reader.number(UInt16.self), Int(comment) == bytes.count - position - Self.endSize {
          return position
        }
      }
      position -= 1
    }
    throw ZipError(file: file, problem: .truncated)
  }

  /// The Zip64 end record, which archives beyond 4 GB need and PyTorch always writes.
  private func wideRecord(
    before end: Int
  ) throws(ZipError) -> (position: Int, count: UInt64, size: UInt64, offset: UInt64)? {
    let locator = end - Self.wideLocatorSize
    guard locator >= 0 else { return nil }
    var reader = LittleEndianReader(bytes, at: locator)
    guard reader.number(UInt32.self) == Self.wideLocatorSignature else { return nil }
    guard let disk = reader.number(UInt32.self), let place = reader.number(UInt64.self), disk == 0,
      let position = Int(exactly: place), position == locator - Self.wideEndSize
    else { throw malformed(locator, "the Zip64 record is not where its locator says") }
    reader.position = position
    guard reader.number(UInt32.self) == Self.wideEndSignature, reader.skip(20),
      let here = reader.number(UInt64.self), let count = reader.number(UInt64.self),
      let size = reader.number(UInt64.self), let offset = reader.number(UInt64.self), here == count
    else { throw malformed(position, "the Zip64 record is damaged") }
    return (position, count, size, offset)
  }

  // Entries

  private mutating func readDirectory(_ range: Range<Int>, count: Int) throws(ZipError) {
    var reader = LittleEndianReader(UnsafeRawBufferPointer(rebasing: bytes[..<range.upperBound]))
    reader.position = range.lowerBound
    var names: Set<String> = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      let entry = try directoryEntry(&reader, directory: range.lowerBound)
      guard names.insert(entry.name).inserted else { throw fault(entry.name, .duplicateName) }
      entries.append(entry)
    }
    guard reader.position == range.upperBound else {
      throw malformed(reader.position, "bytes after the last entry of the directory")
    }
  }

  private func directoryEntry(
    _ reader: inout LittleEndianReader, directory: Int
  ) throws(ZipError) -> Entry {
    let start = reader.position
    guard reader.number(UInt32.self) == Self.directorySignature, reader.skip(4),
      let flags = reader.number(UInt16.self), let method = reader.number(UInt16.self), reader.skip(4),
      let checksum = reader.number(UInt32.self), let packed = reader.number(UInt32.self),
      let unpacked = reader.number(UInt32.self), let nameLength = reader.number(UInt16.self),
      let extraLength = reader.number(UInt16.self), let commentLength = reader.number(UInt16.self),
      let disk = reader.number(UInt16.self), reader.skip(6), let offset = reader.number(UInt32.self),
      let nameBytes = reader.take(Int(nameLength)), let extra = reader.take(Int(extraLength)),
      reader.skip(Int(commentLength))
    else { throw malformed(start, "a record of the directory is damaged") }
    guard let name = String(validating: nameBytes, as: UTF8.self), !name.isEmpty else {
      throw malformed(start, "the name of an entry is no UTF-8")
    }
    guard Self.isSafe(name) else { throw fault(name, .unsafeName) }
    guard flags & 1 == 0 else { throw fault(name, .encrypted) }
    guard method == 0 else { throw fault(name, .compressed(method: Int(method))) }
    guard disk == 0 else { throw malformed(start, "it is one part of several", entry: name) }
    var sizes = WideSizes(extra: extra)
    guard let unpackedSize = sizes.next(unpacked), let packedSize = sizes.next(packed),
      let header = sizes.next(offset)
    else { throw malformed(start, "sizes beyond 4 GB are missing", entry: name) }
    guard packedSize == unpackedSize else {
      throw malformed(start, "stored, but with two sizes: \(packedSize) and \(unpackedSize)", entry: name)
    }
    let local = LocalExpectation(name: name, nameBytes: nameBytes, size: unpackedSize, checksum: checksum)
    let data = try localData(at: header, local, directory: directory)
    return Entry(name: name, data: data, checksum: checksum, header: header)
  }

  private struct LocalExpectation {
    var name: String
    var nameBytes: UnsafeRawBufferPointer
    var size: Int
    var checksum: UInt32
  }

  /// Reads the record before an entry's bytes, which must say the same as the directory.
  private func localData(
    at start: Int, _ wanted: LocalExpectation, directory: Int
  ) throws(ZipError) -> Range<Int> {
    guard start < directory else { throw fault(wanted.name, .outOfBounds) }
    var reader = LittleEndianReader(UnsafeRawBufferPointer(rebasing: bytes[..<directory]))
    reader.position = start
    guard reader.number(UInt32.self) == Self.localSignature, reader.skip(2),
      let flags = reader.number(UInt16.self), let method = reader.number(UInt16.self), reader.skip(4),
      let checksum = reader.number(UInt32.self), let packed = reader.number(UInt32.self),
      let unpacked = reader.number(UInt32.self), let nameLength = reader.number(UInt16.self),
      let extraLength = reader.number(UInt16.self), let name = reader.take(Int(nameLength)),
      reader.skip(Int(extraLength))
    else { throw malformed(start, "the entry's own record is damaged", entry: wanted.name) }
    guard name.elementsEqual(wanted.nameBytes), method == 0, flags & 1 == 0 else {
      throw malformed(start, "the entry's own record contradicts the directory", entry: wanted.name)
    }
    // With bit 3 the numbers follow the data; without, they must agree unless they moved to a Zip64 field.
    if flags & 8 == 0 {
      let sizes = [packed, unpacked].allSatisfy { $0 == .max || Int($0) == wanted.size }
      guard sizes, checksum == wanted.checksum else {
        throw malformed(start, "the entry's own record contradicts the directory", entry: wanted.name)
      }
    }
    guard wanted.size <= reader.remaining else { throw fault(wanted.name, .outOfBounds) }
    return reader.position..<(reader.position + wanted.size)
  }

  /// No byte belongs to two entries.
  private func checkOverlaps(directory: Int) throws(ZipError) {
    let ordered = entries.sorted { ($0.header, $0.data.upperBound) < ($1.header, $1.data.upperBound) }
    for (entry, next) in zip(ordered, ordered.dropFirst()) where next.header < entry.data.upperBound {
      throw fault(next.name, .overlap(with: entry.name))
    }
  }

  /// Relative, downwards, of plain characters. Nothing is unpacked, but whoever writes other names means harm.
  private static func isSafe(_ name: String) -> Bool {
    if name.hasPrefix("/") || name.contains("\\") || name.dropFirst().first == ":" { return false }
    if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) { return false }
    return !name.split(separator: "/", omittingEmptySubsequences: false).contains { $0 == ".." || $0 == "." }
  }
}

/// The numbers of a Zip64 field, which stand in for those that are all ones.
private struct WideSizes {
  private var reader: LittleEndianReader?

  init(extra: UnsafeRawBufferPointer) {
    var fields = LittleEndianReader(extra)
    while let identifier = fields.number(UInt16.self), let length = fields.number(UInt16.self),
      let body = fields.take(Int(length))
    {
      if identifier == 1 {
        reader = LittleEndianReader(body)
        return
      }
    }
  }

  /// `short`, or the field's next number in its place; nil where that is missing or out of bounds.
  mutating func next(_ short: UInt32) -> Int? {
    guard short == .max else { return Int(short) }
    return reader?.number(UInt64.self).flatMap { Int(exactly: $0) }
  }
}
