internal import Foundation
internal import ONNXProto
internal import SwiftProtobuf

/// What is left of an ONNX file after every check.
struct CheckedGraph {
  var input: ONNXModel.Port
  var output: ONNXModel.Port
  var metadata: [String: String] = [:]
  var opset: Int
  var operators: [String: Int] = [:]
  var tensors: [String: [Int]] = [:]

  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(ONNXFileError) {
    let checker = GraphChecker(path: path)
    guard let start = bytes.baseAddress, !bytes.isEmpty else { throw checker.fault("is empty") }
    let sizes = try checker.storedBytes(bytes)
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    options.messageDepthLimit = 64
    let model: Onnx_ModelProto
    do {
      let data = Data(
        bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: bytes.count, deallocator: .none)
      model = try Onnx_ModelProto(serializedBytes: data, extensions: nil, partial: true, options: options)
    } catch {
      throw checker.fault("is no ONNX model, or damaged")
    }
    guard model.hasGraph else { throw checker.fault("is no ONNX model: it has no graph") }
    guard (3...20).contains(model.irVersion) else {
      throw checker.fault("is of format version \(model.irVersion), which is not known")
    }
    opset = try checker.opset(of: model)
    let graph = model.graph
    try checker.check(graph, stored: sizes)
    operators = checker.operators
    var stored: [String: [Int]] = [:]
    for tensor in graph.initializer { stored[tensor.name] = tensor.dims.map(Int.init) }
    tensors = stored
    for entry in model.metadataProps { metadata[entry.key] = entry.value }
    let inputs = graph.input.filter { stored[$0.name] == nil }
    guard inputs.count == 1, let first = inputs.first else {
      throw checker.fault("takes \(inputs.count) inputs; a pose model takes one, the pictures")
    }
    guard let output = graph.output.first else { throw checker.fault("gives no output") }
    self.input = try checker.port(first)
    self.output = try checker.port(output)
  }
}
