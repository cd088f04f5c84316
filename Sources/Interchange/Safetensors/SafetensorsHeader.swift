/// The header of a safetensors file: what each tensor is and where its bytes lie.
struct SafetensorsHeader: Sendable {
  /// One tensor's entry; offsets count from the end of the header.
  struct Entry: Sendable {
    var type: ElementType
    var shape: [Int]
    var begin: Int
    var end: Int
  }

  /// The largest header that is accepted, as in the format's own reader.
  static let maximumSize = 100_000_000

  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [String: Entry] = [:]
  /// In the order of their bytes.
  private(set) var names: [String] = []

  /// Parses and checks a header.
  ///
  /// - Parameters:
  ///   - json: the header's bytes, padding included.
  ///   - dataSize: bytes of the file behind the header.
  ///   - file: the name that errors give.
  init(json: [UInt8], dataSize: Int, file: String) throws(SafetensorsError) {
    var parser = SafetensorsHeaderParser(bytes: json, file: file)
    (metadata, entries) = try parser.parse()
    names = entries.sorted { a, b in
      (a.value.begin, a.value.end, a.key) < (b.value.begin, b.value.end, b.key)
    }.map(\.key)
    try checkCoverage(dataSize: dataSize, file: file)
  }

  /// Every byte behind the header belongs to exactly one tensor.
  private func checkCoverage(dataSize: Int, file: String) throws(SafetensorsError) {
    var position = 0
    var previous = ""
    for name in names {
      guard let entry = entries[name] else { continue }
      func fail(_ problem: SafetensorsError.Problem) -> SafetensorsError {
        SafetensorsError(file: file, tensor: name, problem: problem)
      }
      var size = entry.type.size
      for axis in entry.shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: axis)
        guard !overflow else { throw fail(.sizeOverflow(shape: entry.shape)) }
        size = product
      }
      let (extent, overflow) = entry.end.subtractingReportingOverflow(entry.begin)
      guard !overflow, extent == size else {
        throw fail(.sizeMismatch(expected: size, begin: entry.begin, end: entry.end))
      }
      if entry.begin < position { throw fail(.overlap(with: previous)) }
      if entry.begin > position { throw fail(.hole(bytes: entry.begin - position)) }
      guard entry.end <= dataSize else {
        throw fail(.truncated(needed: entry.end, available: dataSize))
      }
      position = entry.end
      previous = name
    }
    if position < dataSize {
      throw SafetensorsError(file: file, problem: .trailingBytes(dataSize - position))
    }
  }
}
