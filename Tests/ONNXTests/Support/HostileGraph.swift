import ONNXProto

/// The smallest model that is read, to be spoilt.
enum HostileGraph {
  static var model: Onnx_ModelProto {
    var model = Onnx_ModelProto()
    model.irVersion = 8
    var operators = Onnx_OperatorSetIdProto()
    operators.domain = ""
    operators.version = 18
    model.opsetImport = [operators]
    model.graph.name = "graph"
    model.graph.input = [port("images", [1, 3, 32, 32])]
    model.graph.output = [port("output0", [1, 3, 32, 32])]
    model.graph.node = [node("Relu", ["images"], "output0")]
    return model
  }

  static func port(_ name: String, _ shape: [Int64]) -> Onnx_ValueInfoProto {
    var port = Onnx_ValueInfoProto()
    port.name = name
    port.type.tensorType.elemType = 1
    port.type.tensorType.shape.dim = shape.map { extent in
      var dim = Onnx_TensorShapeProto.Dimension()
      dim.dimValue = extent
      return dim
    }
    return port
  }

  /// Named for its output.
  static func node(_ type: String, _ inputs: [String], _ output: String) -> Onnx_NodeProto {
    var node = Onnx_NodeProto()
    node.opType = type
    node.name = output
    node.input = inputs
    node.output = [output]
    return node
  }

  /// Without numbers.
  static func tensor(_ dims: [Int64]) -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    tensor.name = "weights"
    tensor.dims = dims
    tensor.dataType = 1
    return tensor
  }
}
