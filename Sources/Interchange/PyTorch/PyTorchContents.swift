/// Finds the weights in what a PyTorch file's pickle describes: in a model or in a state dictionary.
struct PyTorchContents {
  /// Deepest nesting of modules.
  static let maximumDepth = 48
  /// Most modules, and most tensors.
  static let maximumParts = 100_000
  static let maximumWork = 5_000_000
  /// Longest name of a tensor, its modules included.
  static let maximumNameLength = 1024

  private(set) var tensors: [(name: String, index: Int)] = []
  private(set) var model: PyTorchModel?
  private let document: PickleDocument
  private let file: String
  private var parts = 0
  /// Entries of dictionaries that were looked at; shared ones count each time.
  private var work = 0

  /// - Throws: `PyTorchError`.
  init(_ document: PickleDocument, file: String) throws(PyTorchError) {
    self.document = document
    self.file = file
    try find()
    guard !tensors.isEmpty else { throw failure(.noWeights(found: "its model has no tensors")) }
    // Of equal names the last one counts.
    var last: [String: Int] = [:]
    for (name, index) in tensors { last[name] = index }
    tensors = last.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private mutating func find() throws(PyTorchError) {
    let root = document.root
    if document.attributes(root) != nil {
      try walk(root, prefix: "", depth: 0)
      model = PyTorchModel(document, model: root, source: "model", checkpoint: [:])
      return
    }
    guard let entries = document.textEntries(root) else {
      throw failure(.noWeights(found: "it is no dictionary"))
    }
    // The average is what a training validates and what its final weights are.
    for key in ["ema", "model"] {
      guard let value = entries[key], document.attributes(value) != nil else { continue }
      try walk(value, prefix: "", depth: 0)
      model = PyTorchModel(document, model: value, source: key, checkpoint: entries)
      return
    }
    for state in [entries] + Self.stateKeys.compactMap({ entries[$0].flatMap(document.textEntries) }) {
      for case (let name, .tensor(let index)) in state { try add(name, index) }
      if !tensors.isEmpty { return }
    }
    let keys = entries.keys.sorted().prefix(5).map { "'\($0)'" }.joined(separator: ", ")
    throw failure(.noWeights(found: keys.isEmpty ? "it is empty" : "it has \(keys)"))
  }

  /// Where programs put a state dictionary beside other things.
  private static let stateKeys = ["ema", "model", "state_dict", "model_state_dict"]

  private func failure(_ problem: PyTorchError.Problem) -> PyTorchError {
    PyTorchError(file: file, problem: problem)
  }

  private mutating func add(_ name: String, _ index: Int) throws(PyTorchError) {
    guard tensors.count < Self.maximumParts, name.utf8.count <= Self.maximumNameLength else {
      throw failure(.tooManyTensors)
    }
    tensors.append((name, index))
  }

  /// The parameters and persistent buffers of a module and of those in it.
  ///
  /// Modules may be shared, so that few of them make a tree of many, or even contain themselves: hence the limits.
  private mutating func walk(_ module: PickleValue, prefix: String, depth: Int) throws(PyTorchError) {
    try spend(document.objectState(module))
    guard let (_, attributes) = document.attributes(module) else { return }
    parts += 1
    guard depth <= Self.maximumDepth else { throw failure(.tooDeep) }
    guard parts <= Self.maximumParts else { throw failure(.tooManyTensors) }
    for key in ["_parameters", "_buffers"] {
      try spend(attributes[key])
      try spend(attributes["_non_persistent_buffers_set"])
      guard let members = attributes[key].flatMap(document.textEntries) else { continue }
      let passing = key == "_buffers" ? passingBuffers(attributes) : []
      for case (let name, .tensor(let index)) in members where !passing.contains(name) {
        try add(prefix + name, index)
      }
    }
    try spend(attributes["_modules"])
    guard let modules = attributes["_modules"], case .dictionary(let index) = modules else { return }
    for case (.string(let name), let child) in document.dictionaries[index] {
      guard prefix.utf8.count + name.utf8.count < Self.maximumNameLength else { throw failure(.tooDeep) }
      try walk(child, prefix: "\(prefix)\(name).", depth: depth + 1)
    }
  }

  /// Counts the entries of a container that is about to be read.
  private mutating func spend(_ value: PickleValue?) throws(PyTorchError) {
    switch value {
    case .dictionary(let index)?: work += document.dictionaries[index].count
    case .list(let index)?: work += document.lists[index].count
    case .tuple(let index)?: work += document.tuples[index].count
    default: break
    }
    guard work <= Self.maximumWork else { throw failure(.tooManyTensors) }
  }

  /// Buffers that a state dictionary leaves out.
  private func passingBuffers(_ attributes: [String: PickleValue]) -> Set<String> {
    var names: Set<String> = []
    for case .string(let name) in attributes["_non_persistent_buffers_set"].flatMap(document.elements) ?? [] {
      names.insert(name)
    }
    return names
  }
}
