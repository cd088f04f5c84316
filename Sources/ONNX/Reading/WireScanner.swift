/// Walks over the fields of an encoded protobuf message without decoding them.
struct WireScanner {
  struct Field {
    var number: UInt64
    /// Of a length-delimited field; nil for numbers.
    var content: Range<Int>?
  }

  /// The bytes are no protobuf message.
  struct Malformed: Error {}

  private let bytes: UnsafeRawBufferPointer
  private var place: Int
  private let end: Int

  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>? = nil) {
    self.bytes = bytes
    place = range?.lowerBound ?? 0
    end = range?.upperBound ?? bytes.count
  }

  mutating func next() throws(Malformed) -> Field? {
    guard place < end else { return nil }
    let tag = try number()
    let field = tag >> 3
    guard field > 0 else { throw Malformed() }
    switch tag & 7 {
    case 0:
      _ = try number()
      return Field(number: field, content: nil)
    case 1: return Field(number: field, content: try skip(8, isContent: false))
    case 2:
      let length = try number()
      guard length <= UInt64(end - place) else { throw Malformed() }
      return Field(number: field, content: try skip(Int(length), isContent: true))
    case 5: return Field(number: field, content: try skip(4, isContent: false))
    default: throw Malformed()
    }
  }

  private mutating func skip(_ count: Int, isContent: Bool) throws(Malformed) -> Range<Int>? {
    guard count <= end - place else { throw Malformed() }
    defer { place += count }
    return isContent ? place..<(place + count) : nil
  }

  private mutating func number() throws(Malformed) -> UInt64 {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard place < end else { throw Malformed() }
      let byte = bytes[place]
      place += 1
      // Ten bytes hold 64 bits; what is beyond them is dropped, as protobuf does.
      if shift < 64 { result |= UInt64(byte & 127) << shift }
      if byte < 128 { return result }
    }
    throw Malformed()
  }
}
