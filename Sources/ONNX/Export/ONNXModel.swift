internal import FileSystem
internal import Foundation
internal import ONNXProto

/// A model in ONNX's form, ready to be written.
public struct ONNXModel {
  package let graph: ONNXGraph
  public let input: Port
  public let output: Port
  /// In the order they are written.
  public var metadata: [(key: String, value: String)]

  public var opset: Int { graph.opset }
  /// Operators of the graph.
  public var nodeCount: Int { graph.nodeCount }

  /// The version of the file format that came with an operator set.
  static func formatVersion(opset: Int) -> Int64 {
    switch opset {
    case ...14: 7
    case ...18: 8
    case ...20: 9
    default: 10
    }
  }

  /// Writes the file, replacing one of that name. It appears only when it is whole and on disk.
  ///
  /// - Throws: `ONNXExportError.tooLarge`; `FileError` if writing fails. A file that was there is then as before.
  public func write(to path: String) throws {
    let parts = try encoded()
    guard parts.size < 1 << 31 else { throw ONNXExportError.tooLarge(path: path, bytes: parts.size) }
    let file = try AtomicFile(path)
    try write(parts) { try file.write($0) }
    try file.commit()
  }

  /// The file's content.
  public func bytes() throws -> [UInt8] {
    let parts = try encoded()
    guard parts.size < 1 << 31 else { throw ONNXExportError.tooLarge(path: "the model", bytes: parts.size) }
    var result: [UInt8] = []
    result.reserveCapacity(parts.size)
    try write(parts) { result.append(contentsOf: $0) }
    return result
  }

  /// The file but for the numbers of its tensors, which are written from where they lie.
  private struct Parts {
    var header: [UInt8]
    var graph: [UInt8]
    /// Each tensor's message up to its numbers, tags and lengths included.
    var tensors: [[UInt8]]
    /// Of the graph's message.
    var graphSize: Int
    var size: Int
  }

  private func encoded() throws -> Parts {
    var model = Onnx_ModelProto()
    model.irVersion = Self.formatVersion(opset: graph.opset)
    model.producerName = "PoseLab"
    var operators = Onnx_OperatorSetIdProto()
    operators.domain = ""
    operators.version = Int64(graph.opset)
    model.opsetImport = [operators]
    model.metadataProps = metadata.map { key, value in
      var entry = Onnx_StringStringEntryProto()
      entry.key = key
      entry.value = value
      return entry
    }
    var body = Onnx_GraphProto()
    body.name = "main_graph"
    body.node = graph.nodes
    body.input = [input.message]
    body.output = [output.message]
    let header: [UInt8] = try model.serializedBytes()
    let graphBytes: [UInt8] = try body.serializedBytes()
    let tensors = try graph.tensors.map { tensor -> [UInt8] in
      var message = Onnx_TensorProto()
      message.name = tensor.name
      message.dims = tensor.dims.map(Int64.init)
      message.dataType = tensor.type.code
      let fields: [UInt8] = try message.serializedBytes()
      let numbers = Self.prefix(field: 9, length: tensor.byteCount)
      let length = fields.count + numbers.count + tensor.byteCount
      return Self.prefix(field: 5, length: length) + fields + numbers
    }
    let graphSize = zip(tensors, graph.tensors).reduce(graphBytes.count) {
      $0 + $1.0.count + $1.1.byteCount
    }
    let size = header.count + Self.prefix(field: 7, length: graphSize).count + graphSize
    return Parts(header: header, graph: graphBytes, tensors: tensors, graphSize: graphSize, size: size)
  }

  private func write(_ parts: Parts, sink: (UnsafeRawBufferPointer) throws -> Void) throws {
    try parts.header.withUnsafeBytes(sink)
    try Self.prefix(field: 7, length: parts.graphSize).withUnsafeBytes(sink)
    try parts.graph.withUnsafeBytes(sink)
    for (start, tensor) in zip(parts.tensors, graph.tensors) {
      try start.withUnsafeBytes(sink)
      try tensor.withBytes { bytes in
        precondition(bytes.count == tensor.byteCount, "ONNX: \(bytes.count) bytes for '\(tensor.name)'")
        try sink(bytes)
      }
    }
  }

  /// Tag and length of a field of bytes.
  private static func prefix(field: UInt8, length: Int) -> [UInt8] {
    var result = [field << 3 | 2]
    var rest = UInt64(length)
    while rest >= 128 {
      result.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    return result + [UInt8(rest)]
  }
}

extension ONNXModel.Port {
  fileprivate var message: Onnx_ValueInfoProto {
    var message = Onnx_ValueInfoProto()
    message.name = name
    message.type.tensorType.elemType = ONNXTensor.ElementType.float.code
    message.type.tensorType.shape.dim = shape.map { dimension in
      var dim = Onnx_TensorShapeProto.Dimension()
      switch dimension {
      case .fixed(let extent): dim.dimValue = Int64(extent)
      case .free(let name): dim.dimParam = name
      }
      return dim
    }
    return message
  }
}
