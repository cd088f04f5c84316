/// Writes a PyTorch state dictionary, which `torch.load(path, weights_only=True)` opens, from buffers that stay
/// where they are. The same tensors give the same bytes.
///
/// Format: a zip archive whose `data.pkl` is an ordered dictionary of tensors, each in an entry of its own.
public struct PyTorchWriter {
  /// Hands the tensor's bytes (little endian, C order), in pieces of any size, to the function it is given. Called
  /// twice: once for the checksum.
  public typealias Producer = (_ sink: (UnsafeRawBufferPointer) throws -> Void) throws -> Void

  private struct Item {
    var name: String
    var type: ElementType
    var shape: [Int]
    var producer: Producer
  }

  private var items: [Item] = []

  public init() {}

  /// The types that PyTorch has a storage for.
  private static let storages: [ElementType: String] = [
    .f64: "Double", .f32: "Float", .f16: "Half", .bf16: "BFloat16", .i64: "Long", .i32: "Int", .i16: "Short",
    .i8: "Char", .u8: "Byte", .bool: "Bool",
  ]

  /// Whether tensors of a type can be written.
  public static func supports(_ type: ElementType) -> Bool { storages[type] != nil }

  /// Adds a tensor; they are written in this order.
  ///
  /// - Precondition: the type is supported.
  public mutating func add(_ name: String, type: ElementType, shape: [Int], producer: @escaping Producer) {
    precondition(Self.supports(type), "PyTorch has no storage of \(type.rawValue)")
    items.append(Item(name: name, type: type, shape: shape, producer: producer))
  }

  /// Writes the file, replacing one of that name.
  ///
  /// - Throws: `ZipError`, or what a producer throws; the old file is then untouched.
  public func write(to path: String) throws { try archive.write(to: path) }

  /// The whole file in memory.
  public func bytes() throws -> [UInt8] { try archive.bytes() }

  private var archive: ZipWriter {
    // PyTorch maps storages, which it wants at multiples of 64 bytes.
    var archive = ZipWriter(alignment: 64)
    archive.add("archive/data.pkl", bytes: pickle)
    archive.add("archive/byteorder", bytes: Array("little".utf8))
    for (index, item) in items.enumerated() {
      archive.add("archive/data/\(index)", producer: item.producer)
    }
    archive.add("archive/version", bytes: Array("3\n".utf8))
    return archive
  }

  private var pickle: [UInt8] {
    var pickle = PickleWriter()
    pickle.begin(.proto, [2])
    pickle.emptyOrderedDictionary()
    if !items.isEmpty {
      pickle.begin(.mark)
      for (index, item) in items.enumerated() {
        pickle.text(item.name)
        pickle.tensor(
          storage: "\(Self.storages[item.type] ?? "")Storage", key: "\(index)", shape: item.shape)
      }
      pickle.begin(.setItems)
    }
    pickle.begin(.stop)
    return pickle.bytes
  }
}

/// The few instructions that a state dictionary takes.
private struct PickleWriter {
  private(set) var bytes: [UInt8] = []

  mutating func begin(_ opcode: PickleOpcode, _ operand: [UInt8] = []) {
    bytes.append(opcode.rawValue)
    bytes += operand
  }

  mutating func text(_ text: String) {
    begin(.binUnicode, LittleEndian.bytes(UInt32(text.utf8.count)) + Array(text.utf8))
  }

  mutating func global(_ module: String, _ name: String) {
    begin(.global, Array("\(module)\n\(name)\n".utf8))
  }

  mutating func int(_ number: Int) {
    if let short = Int32(exactly: number) {
      begin(.binInt, LittleEndian.bytes(short))
    } else {
      begin(.long1, [8] + LittleEndian.bytes(Int64(number)))
    }
  }

  mutating func tuple(_ numbers: [Int]) {
    if numbers.isEmpty { return begin(.emptyTuple) }
    begin(.mark)
    for number in numbers { int(number) }
    begin(.tuple)
  }

  mutating func emptyOrderedDictionary() {
    global("collections", "OrderedDict")
    begin(.emptyTuple)
    begin(.reduce)
  }

  /// `_rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())`
  mutating func tensor(storage: String, key: String, shape: [Int]) {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * max(1, shape[axis + 1])
    }
    global("torch._utils", "_rebuild_tensor_v2")
    begin(.mark)
    begin(.mark)
    text("storage")
    global("torch", storage)
    text(key)
    text("cpu")
    int(shape.reduce(1, *))
    begin(.tuple)
    begin(.binPersId)
    int(0)
    tuple(shape)
    tuple(strides)
    begin(.newFalse)
    emptyOrderedDictionary()
    begin(.tuple)
    begin(.reduce)
  }
}
