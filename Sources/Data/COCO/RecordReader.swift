internal import CSIMDJSON

/// A wanted field of a list of JSON objects.
struct RecordField: Sendable {
  enum Kind: Int32, Sendable {
    case integer, number, numbers, text, texts, pairs

    var wanted: String {
      switch self {
      case .integer: "a whole number"
      case .number: "a number"
      case .numbers: "a list of numbers"
      case .text: "a string"
      case .texts: "a list of strings"
      case .pairs: "a list of pairs of numbers"
      }
    }
  }

  var name: String
  var kind: Kind

  init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

/// Parses texts of records into columns; one for each thread.
final class RecordReader {
  let fields: [RecordField]
  private let handle: OpaquePointer
  private let names: [UnsafeMutablePointer<CChar>]

  /// Nil if memory is short.
  init?(_ fields: [RecordField]) {
    self.fields = fields
    names = fields.map { field in
      let utf8 = Array(field.name.utf8CString)
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: utf8.count)
      copy.initialize(from: utf8, count: utf8.count)
      return copy
    }
    let declared = zip(names, fields).map { pl_json_field(name: UnsafePointer($0), kind: $1.kind.rawValue) }
    guard let handle = pl_json_reader_new(declared, Int32(declared.count)) else {
      for name in names { name.deallocate() }
      return nil
    }
    self.handle = handle
  }

  deinit {
    pl_json_reader_free(handle)
    for name in names { name.deallocate() }
  }

  /// Bytes that must be allocated after a text.
  static var padding: Int { pl_json_padding() }

  /// Parses `[{…},…]`; `padding` bytes behind the text must be readable.
  ///
  /// - Returns: what is wrong with the text, if anything; `count` is then the index of the record at fault.
  func parse(_ text: UnsafeRawBufferPointer) -> String? {
    let bytes = text.assumingMemoryBound(to: CChar.self)
    return pl_json_parse(handle, bytes.baseAddress, bytes.count).map { String(cString: $0) }
  }

  var count: Int { pl_json_record_count(handle) }

  func states(_ field: Int) -> UnsafeBufferPointer<UInt8> { buffer(pl_json_states(handle, Int32(field))) }
  func integers(_ field: Int) -> UnsafeBufferPointer<Int64> { buffer(pl_json_integers(handle, Int32(field))) }
  func numbers(_ field: Int) -> UnsafeBufferPointer<Double> { buffer(pl_json_numbers(handle, Int32(field))) }

  /// The numbers that one record lists in a field.
  func values(_ field: Int, of record: Int) -> UnsafeBufferPointer<Double> {
    guard let begins = pl_json_begins(handle, Int32(field)), let ends = pl_json_ends(handle, Int32(field)),
      let values = pl_json_values(handle, Int32(field))
    else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: values + Int(begins[record]), count: Int(ends[record] - begins[record]))
  }

  /// The text of one record in a field; elements of lists each end with a zero byte.
  func text(_ field: Int, of record: Int) -> String {
    guard let begins = pl_json_begins(handle, Int32(field)), let ends = pl_json_ends(handle, Int32(field)),
      let text = pl_json_text(handle, Int32(field))
    else { return "" }
    let count = Int(ends[record] - begins[record])
    return String(
      decoding: UnsafeRawBufferPointer(start: text + Int(begins[record]), count: count), as: UTF8.self)
  }

  private func buffer<Element>(_ start: UnsafePointer<Element>?) -> UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: start, count: count)
  }

  /// What stands in a record instead of the wanted value.
  static func found(_ state: UInt8) -> String {
    switch Int(state) {
    case PL_JSON_FOUND_NULL: "null"
    case PL_JSON_FOUND_BOOLEAN: "true or false"
    case PL_JSON_FOUND_NUMBER: "a number that is not whole or too large"
    case PL_JSON_FOUND_TEXT: "a string"
    case PL_JSON_FOUND_LIST: "a list"
    case PL_JSON_FOUND_OBJECT: "an object"
    default: "a list with other elements"
    }
  }

  static let absent = UInt8(PL_JSON_ABSENT)
  static let present = UInt8(PL_JSON_PRESENT)
}
