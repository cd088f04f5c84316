internal import FileSystem

/// Writes a safetensors file from buffers that stay where they are: each goes to the file in its turn.
///
/// The bytes of the file depend only on what was added, not on the order: tensors lie by element size
/// (largest first), then by name, so that every tensor is aligned. The file appears under its name only when
/// it is whole and on disk.
public struct SafetensorsWriter {
  /// Hands the tensor's bytes, in order and in pieces of any size, to the function it is given.
  public typealias Producer = (_ sink: (UnsafeRawBufferPointer) throws -> Void) throws -> Void

  fileprivate struct Item {
    var name: String
    var type: ElementType
    var shape: [Int]
    var size: Int
    var producer: Producer
  }

  /// Free text entries.
  public var metadata: [String: String]
  private var items: [String: Item] = [:]

  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// Adds a tensor whose bytes are produced while the file is written.
  ///
  /// - Precondition: the name is new and not `__metadata__`; axes are not negative.
  public mutating func add(
    _ name: String, type: ElementType, shape: [Int], producer: @escaping Producer
  ) {
    precondition(items[name] == nil && name != "__metadata__", "tensor name '\(name)' is taken")
    precondition(shape.allSatisfy { $0 >= 0 }, "shape \(shape) of '\(name)'")
    items[name] = Item(
      name: name, type: type, shape: shape, size: shape.reduce(type.size, *), producer: producer)
  }

  /// Adds values in C order.
  public mutating func add(_ name: String, shape: [Int], floats: [Float]) {
    add(name, type: .f32, shape: shape) { sink in try floats.withUnsafeBytes(sink) }
  }

  /// Adds values in C order, in double precision.
  public mutating func add(_ name: String, shape: [Int], doubles: [Double]) {
    add(name, type: .f64, shape: shape) { sink in try doubles.withUnsafeBytes(sink) }
  }

  /// Adds values in C order, as 64-bit integers.
  public mutating func add(_ name: String, shape: [Int], ints: [Int]) {
    add(name, type: .i64, shape: shape) { sink in
      try ints.map { Int64($0) }.withUnsafeBytes(sink)
    }
  }

  /// Adds raw bytes: little endian, C order.
  public mutating func add(_ name: String, type: ElementType, shape: [Int], bytes: [UInt8]) {
    add(name, type: type, shape: shape) { sink in try bytes.withUnsafeBytes(sink) }
  }

  /// Writes the file, replacing one of that name.
  ///
  /// - Throws: `SafetensorsError`, or what a producer throws; the old file is then untouched.
  public func write(to path: String) throws {
    do {
      let output = try AtomicFile(path)
      try write(file: path) { try output.write($0) }
      try output.commit()
    } catch let error as FileError {
      throw SafetensorsError(file: path, problem: .file(error))
    }
  }

  /// The whole file in memory.
  public func bytes() throws -> [UInt8] {
    var result: [UInt8] = []
    try write(file: "memory") { result.append(contentsOf: $0) }
    return result
  }

  private func write(file: String, sink: (UnsafeRawBufferPointer) throws -> Void) throws {
    let ordered = items.values.sorted { a, b in
      a.type.size != b.type.size ? a.type.size > b.type.size : a.name < b.name
    }
    let header = header(of: ordered)
    guard header.count <= SafetensorsHeader.maximumSize else {
      throw SafetensorsError(file: file, problem: .headerTooLarge(UInt64(header.count)))
    }
    try withUnsafeBytes(of: UInt64(header.count).littleEndian, sink)
    try header.withUnsafeBytes(sink)
    for item in ordered {
      var count = 0
      try item.producer { bytes in
        count += bytes.count
        guard count <= item.size else { throw item.wrongSize(count, file: file) }
        try sink(bytes)
      }
      guard count == item.size else { throw item.wrongSize(count, file: file) }
    }
  }

  /// The header's JSON, padded so that the data begin at a multiple of 8.
  private func header(of ordered: [Item]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for item in ordered {
      let shape = item.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(item.name)):{\"dtype\":\"\(item.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(offset + item.size)]}")
      offset += item.size
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    header.append(contentsOf: repeatElement(0x20, count: (8 - header.count % 8) % 8))
    return header
  }
}

extension SafetensorsWriter.Item {
  fileprivate func wrongSize(_ count: Int, file: String) -> SafetensorsError {
    SafetensorsError(file: file, tensor: name, problem: .wrongByteCount(expected: size, found: count))
  }
}

/// A JSON string literal.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{0}"..<"\u{20}":
      let hex = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
