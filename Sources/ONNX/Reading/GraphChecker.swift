internal import ONNXProto

/// Checks a decoded graph, and those in its operators.
final class GraphChecker {
  /// What is stored of one tensor.
  struct StoredBytes {
    /// Of raw numbers; nil where they are encoded one by one.
    var raw: Int?
    /// Of numbers encoded one by one.
    var encoded = 0
  }

  private let path: String
  private(set) var operators: [String: Int] = [:]

  init(path: String) { self.path = path }

  func fault(_ reason: String) -> ONNXFileError { ONNXFileError(file: path, reason: reason) }

  // MARK: Before decoding

  /// Fields of `TensorProto` that hold numbers.
  private static let rawField: UInt64 = 9
  private static let numberFields: Set<UInt64> = [4, 5, 6, 7, 9, 10, 11]

  /// Measures the stored numbers of each initializer, in their order.
  ///
  /// - Throws: where the message is cut off, or has too much of anything else.
  func storedBytes(_ bytes: UnsafeRawBufferPointer) throws(ONNXFileError) -> [StoredBytes] {
    var stored: [StoredBytes] = []
    var numbers = 0
    do {
      var model = WireScanner(bytes)
      while let field = try model.next() {
        // 7: the graph; 5: its initializers.
        guard field.number == 7, let content = field.content else { continue }
        var graph = WireScanner(bytes, content)
        while let part = try graph.next() {
          guard part.number == 5, let tensor = part.content else { continue }
          var sizes = StoredBytes()
          var scanner = WireScanner(bytes, tensor)
          while let entry = try scanner.next() {
            guard Self.numberFields.contains(entry.number) else { continue }
            let count = entry.content?.count ?? 0
            numbers += count
            if entry.number == Self.rawField { sizes.raw = count } else { sizes.encoded += max(1, count) }
          }
          stored.append(sizes)
        }
      }
    } catch {
      throw fault("is no ONNX model, or cut off")
    }
    let structure = bytes.count - numbers
    guard structure <= ONNXFile.maximumStructure else {
      throw fault(
        "has \(structure) bytes besides the numbers of its tensors; the limit is \(ONNXFile.maximumStructure)"
      )
    }
    return stored
  }

  // MARK: The model

  func opset(of model: Onnx_ModelProto) throws(ONNXFileError) -> Int {
    if let function = model.functions.first {
      throw fault("defines a function of its own, '\(printable(function.name))', which is not supported")
    }
    let known: Set<String> = ["", "ai.onnx", "com.microsoft", "ai.onnx.ml"]
    for entry in model.opsetImport where !known.contains(entry.domain) {
      throw fault("needs operators of the domain '\(printable(entry.domain))', which is not known")
    }
    guard let version = model.opsetImport.first(where: { ["", "ai.onnx"].contains($0.domain) })?.version,
      (1...1000).contains(version)
    else { throw fault("does not say which operator set it uses") }
    return Int(version)
  }

  func check(_ graph: Onnx_GraphProto, stored: [StoredBytes]) throws(ONNXFileError) {
    guard stored.count == graph.initializer.count else { throw fault("is no ONNX model, or damaged") }
    for (tensor, stored) in zip(graph.initializer, stored) {
      try checkStorage(tensor)
      try checkSize(tensor, stored)
    }
    try check(graph, outer: [], depth: 0)
  }

  // MARK: Tensors

  private func checkStorage(_ tensor: Onnx_TensorProto) throws(ONNXFileError) {
    guard tensor.dataLocation == .external || !tensor.externalData.isEmpty else { return }
    let place = tensor.externalData.first { $0.key == "location" }?.value ?? "another file"
    throw fault(
      "keeps the tensor '\(printable(tensor.name))' outside of itself, in '\(printable(place))'; such files are not"
        + " followed: save it again as one file")
  }

  private func checkSize(_ tensor: Onnx_TensorProto, _ stored: StoredBytes) throws(ONNXFileError) {
    let name = printable(tensor.name)
    var count = 1
    for dim in tensor.dims {
      let (product, overflows) = count.multipliedReportingOverflow(by: Int(dim))
      guard dim >= 0, !overflows else { throw fault("gives the tensor '\(name)' an impossible shape") }
      count = product
    }
    let bytes: Int?
    switch Onnx_TensorProto.DataType(rawValue: Int(tensor.dataType)) {
    case .uint8, .int8, .bool: bytes = 1
    case .uint16, .int16, .float16, .bfloat16: bytes = 2
    case .float, .int32, .uint32: bytes = 4
    case .double, .int64, .uint64, .complex64: bytes = 8
    case .complex128: bytes = 16
    case .string: bytes = nil
    case .undefined, nil: throw fault("has a tensor '\(name)' of elements that are not known")
    }
    if let raw = stored.raw, let bytes {
      let (needed, overflows) = count.multipliedReportingOverflow(by: bytes)
      guard !overflows, needed == raw else {
        throw fault("has \(raw) bytes for the tensor '\(name)' of shape \(tensor.dims)")
      }
    } else if stored.encoded < count {
      throw fault("lacks numbers of the tensor '\(name)' of shape \(tensor.dims)")
    }
  }

  // MARK: Operators

  /// - Parameter outer: names that surrounding graphs have made.
  private func check(_ graph: Onnx_GraphProto, outer: Set<String>, depth: Int) throws(ONNXFileError) {
    var known = outer
    known.insert("")
    for input in graph.input { known.insert(input.name) }
    for tensor in graph.initializer {
      if depth > 0 { try checkStorage(tensor) }
      known.insert(tensor.name)
    }
    for sparse in graph.sparseInitializer {
      try checkStorage(sparse.values)
      try checkStorage(sparse.indices)
      known.insert(sparse.values.name)
    }
    // Names that are made somewhere in this graph: what is used before lies on a cycle, or out of order.
    let made = Set(graph.node.flatMap(\.output))
    for node in graph.node {
      operators[node.opType, default: 0] += 1
      for input in node.input where !known.contains(input) {
        let reason =
          made.contains(input)
          ? "uses '\(printable(input))' before it is made: its operators form a cycle, or are out of order"
          : "uses '\(printable(input))', which nothing makes"
        throw fault("has an operator '\(printable(node.name))' (\(printable(node.opType))) that \(reason)")
      }
      for attribute in node.attribute { try check(attribute, known, depth: depth) }
      for output in node.output where !output.isEmpty {
        guard known.insert(output).inserted else {
          throw fault("makes '\(printable(output))' twice")
        }
      }
    }
    for output in graph.output where !known.contains(output.name) {
      throw fault("gives out '\(printable(output.name))', which nothing makes")
    }
  }

  private func check(
    _ attribute: Onnx_AttributeProto, _ known: Set<String>, depth: Int
  ) throws(ONNXFileError) {
    for tensor in (attribute.hasT ? [attribute.t] : []) + attribute.tensors { try checkStorage(tensor) }
    for sparse in (attribute.hasSparseTensor ? [attribute.sparseTensor] : []) + attribute.sparseTensors {
      try checkStorage(sparse.values)
      try checkStorage(sparse.indices)
    }
    for graph in (attribute.hasG ? [attribute.g] : []) + attribute.graphs {
      guard depth < 8 else { throw fault("has graphs in graphs more than 8 deep") }
      try check(graph, outer: known, depth: depth + 1)
    }
  }

  // MARK: Inputs and outputs

  func port(_ value: Onnx_ValueInfoProto) throws(ONNXFileError) -> ONNXModel.Port {
    let name = printable(value.name)
    guard value.hasType, value.type.hasTensorType else { throw fault("has '\(name)', which is no tensor") }
    let type = value.type.tensorType
    guard type.elemType == Int32(Onnx_TensorProto.DataType.float.rawValue) else {
      throw fault(
        "has '\(name)' in another type than float32; export it with float32 inputs and outputs, as half=True does here"
      )
    }
    guard type.hasShape, type.shape.dim.count <= 8 else {
      throw fault("does not say how many axes '\(name)' has")
    }
    var shape: [ONNXModel.Dimension] = []
    for dim in type.shape.dim {
      switch dim.value {
      case .dimValue(let extent)?:
        guard (1...(1 << 31)).contains(extent) else {
          throw fault("gives '\(name)' an axis of \(extent)")
        }
        shape.append(.fixed(Int(extent)))
      case .dimParam(let free)?: shape.append(.free(printable(free)))
      case nil: shape.append(.free("?"))
      }
    }
    return ONNXModel.Port(name: value.name, shape: shape)
  }
}
