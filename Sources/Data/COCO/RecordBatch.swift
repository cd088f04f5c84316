/// Consecutive records of a list in a file, parsed; valid while its reader parses nothing else.
struct RecordBatch {
  let reader: RecordReader
  let path: String
  /// The list's name: `annotations`; empty if the list is the whole file.
  let list: String
  /// Index of the first record in the list.
  let first: Int

  var count: Int { reader.count }

  /// - Throws: for the first record in which the field is missing or of another kind.
  func require(_ field: Int) throws(COCOFileError) {
    let states = reader.states(field)
    for record in 0..<count where states[record] != RecordReader.present {
      guard states[record] != RecordReader.absent else {
        throw error(record, nil, "the field '\(reader.fields[field].name)' is missing")
      }
      throw wrongKind(record, field)
    }
  }

  /// - Throws: for the first record in which the field is there, but of another kind.
  func allow(_ field: Int) throws(COCOFileError) {
    let states = reader.states(field)
    for record in 0..<count where states[record] > RecordReader.present { throw wrongKind(record, field) }
  }

  func has(_ field: Int, _ record: Int) -> Bool { reader.states(field)[record] == RecordReader.present }

  /// - Throws: for the first value of a record's list that is NaN or infinite.
  func requireFinite(
    _ values: UnsafeBufferPointer<Double>, _ field: Int, _ record: Int
  ) throws(COCOFileError) {
    var sum = 0.0
    for value in values { sum += value * 0 }
    if sum == 0 { return }
    for (index, value) in values.enumerated() where !value.isFinite {
      throw error(record, field, "value \(index) is \(value.spelled), but must be a finite number")
    }
  }

  func requireFinite(_ value: Double, _ field: Int, _ record: Int) throws(COCOFileError) {
    if value.isFinite { return }
    throw error(record, field, "is \(value.spelled), but must be a finite number")
  }

  func error(_ record: Int, _ field: Int?, _ message: String) -> COCOFileError {
    let member = field.map { ".\(reader.fields[$0].name)" } ?? ""
    return COCOFileError(path: path, place: "\(list)[\(first + record)]\(member)", message: message)
  }

  private func wrongKind(_ record: Int, _ field: Int) -> COCOFileError {
    let found = RecordReader.found(reader.states(field)[record])
    return error(record, field, "must be \(reader.fields[field].kind.wanted), but is \(found)")
  }
}

extension Double {
  /// As messages name what is no finite number.
  fileprivate var spelled: String { isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity" }
}
