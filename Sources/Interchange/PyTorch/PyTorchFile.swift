/// An open PyTorch file (`.pt`, `.pth`): a checkpoint of the YOLO tools or a state dictionary.
///
/// The archive is mapped, its pickle read by an interpreter that executes nothing, and every tensor checked against
/// its bytes, whose checksums are compared: all at once, so that what can be opened can be read.
public final class PyTorchFile: TensorFile {
  public let path: String
  public let names: [String]
  /// What the file says of its model; nil for a state dictionary.
  public let model: PyTorchModel?
  private let archive: ZipArchive
  private let tensors: [String: Entry]

  private struct Entry: Sendable {
    var type: ElementType
    var tensor: PickleTensor
    /// The name of its storage in the archive.
    var entry: String
  }

  /// Bytes that all tensors together may have for each byte of the file: some share theirs.
  private static let maximumExpansion = 4

  /// Maps a file and checks all of it.
  ///
  /// - Throws: `PyTorchError`, `PickleError`, `ZipError`.
  public convenience init(path: String) throws {
    if let problem = try PyTorchFormat.problem(path: path) {
      throw PyTorchError(file: path, problem: problem)
    }
    try self.init(archive: ZipArchive(path: path))
  }

  /// Reads a file's content that is in memory.
  ///
  /// - Parameter name: what errors call it.
  public convenience init(bytes: [UInt8], name: String) throws {
    if let problem = PyTorchFormat.problem(beginning: bytes.prefix(PyTorchFormat.probeSize)) {
      throw PyTorchError(file: name, problem: problem)
    }
    try self.init(archive: ZipArchive(bytes: bytes, name: name))
  }

  private init(archive: ZipArchive) throws {
    self.archive = archive
    path = archive.path
    let folder = try Self.folder(archive)
    if archive.contains(folder + "byteorder"),
      try archive.bytes(of: folder + "byteorder", limit: 16) != Array("little".utf8)
    {
      throw PyTorchError(file: path, problem: .bigEndian)
    }
    let pickle = folder + "data.pkl"
    if let size = archive.size(of: pickle), size > PickleMachine.maximumSize {
      throw ZipError(
        file: path, entry: pickle, problem: .tooLarge(size: size, limit: PickleMachine.maximumSize))
    }
    let document = try archive.withBytes(of: pickle) { [path] in try PickleMachine.run($0, file: path) }
    let contents = try PyTorchContents(document, file: path)
    model = contents.model
    var tensors: [String: Entry] = [:]
    var checked: Set<String> = []
    var total = 0
    for (name, index) in contents.tensors {
      let tensor = document.tensors[index]
      let storage = document.storages[tensor.storage]
      let entry = "\(folder)data/\(storage.key)"
      guard let size = archive.size(of: entry) else {
        throw PyTorchError(file: path, problem: .missingStorage(tensor: name, key: storage.key))
      }
      guard size == storage.count * storage.type.size else {
        let problem = PyTorchError.Problem.wrongStorageSize(
          tensor: name, expected: storage.count * storage.type.size, found: size)
        throw PyTorchError(file: path, problem: problem)
      }
      total += tensor.count * storage.type.size
      guard total / Self.maximumExpansion <= archive.size else {
        throw PyTorchError(file: path, problem: .tooLarge)
      }
      if checked.insert(entry).inserted { try archive.withBytes(of: entry) { _ in } }
      tensors[name] = Entry(type: storage.type, tensor: tensor, entry: entry)
    }
    self.tensors = tensors
    names = contents.tensors.map(\.name)
  }

  /// The one folder that everything lies in, with its slash.
  private static func folder(_ archive: ZipArchive) throws -> String {
    let pickles = archive.names.filter { $0.hasSuffix("/data.pkl") && $0.split(separator: "/").count == 2 }
    guard pickles.count == 1, let name = pickles.first else {
      throw PyTorchError(file: archive.path, problem: .noPickle)
    }
    let folder = String(name.dropLast("data.pkl".count))
    if archive.contains(folder + "constants.pkl")
      || archive.names.contains(where: { $0.hasPrefix(folder + "code/") })
    {
      throw PyTorchError(file: archive.path, problem: .torchScript)
    }
    return folder
  }

  public func description(of name: String) -> (type: ElementType, shape: [Int])? {
    tensors[name].map { ($0.type, $0.tensor.shape) }
  }

  public func tensor(named name: String) throws -> (type: ElementType, shape: [Int], bytes: [UInt8]) {
    let entry = try entry(named: name)
    return try archive.withBytes(of: entry.entry, isChecked: false) {
      (entry.type, entry.tensor.shape, entry.tensor.bytes(in: $0, elementSize: entry.type.size))
    }
  }

  public func floats(named name: String) throws -> (shape: [Int], values: [Float]) {
    let entry = try entry(named: name)
    let values = try archive.withBytes(of: entry.entry, isChecked: false) { bytes -> [Float]? in
      guard entry.tensor.isContiguous else {
        return entry.tensor.bytes(in: bytes, elementSize: entry.type.size).withUnsafeBytes(entry.type.floats)
      }
      let start = entry.tensor.offset * entry.type.size
      let end = start + entry.tensor.count * entry.type.size
      return entry.type.floats(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
    }
    guard let values else {
      throw PyTorchError(file: path, problem: .notReal(tensor: name, type: entry.type))
    }
    return (entry.tensor.shape, values)
  }

  private func entry(named name: String) throws(PyTorchError) -> Entry {
    guard let entry = tensors[name] else { throw PyTorchError(file: path, problem: .noSuchTensor(name)) }
    return entry
  }
}

extension PickleTensor {
  /// The elements in C order.
  ///
  /// - Parameter storage: all of it.
  fileprivate func bytes(in storage: UnsafeRawBufferPointer, elementSize size: Int) -> [UInt8] {
    if isContiguous { return Array(storage[(offset * size)..<((offset + count) * size)]) }
    var result: [UInt8] = []
    guard count > 0 else { return result }
    result.reserveCapacity(count * size)
    // An odometer over all axes, the last one fastest.
    var place = [Int](repeating: 0, count: shape.count)
    var element = offset
    while true {
      result.append(contentsOf: storage[(element * size)..<((element + 1) * size)])
      var axis = shape.count - 1
      while axis >= 0 {
        place[axis] += 1
        element += strides[axis]
        if place[axis] < shape[axis] { break }
        element -= strides[axis] * shape[axis]
        place[axis] = 0
        axis -= 1
      }
      if axis < 0 { return result }
    }
  }
}
